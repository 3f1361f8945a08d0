// Fills target/classes/runner/ort and target/classes/models with the files that models/catalogue.json names, and fails
// when one has another SHA-256 than it says. Run by Maven (generate-resources); with nothing to do it reads no package.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');
const classes = path.join(root, 'target/classes');
const stampFile = path.join(root, 'target/runner-files.json');
const catalogue = JSON.parse(fs.readFileSync(path.join(root, 'src/main/resources/models/catalogue.json'), 'utf8'));

function* wanted() {
  const { package: source, path: folder, builds } = catalogue.runtime;
  for (const build of Object.values(builds)) {
    for (const file of build.files) {
      yield { ...file, package: source, path: `${folder}/${file.file}`, to: `runner/ort/${file.file}` };
    }
  }
  for (const model of catalogue.models) {
    yield { ...model, to: `models/${model.file}` };
  }
}

const sha256 = (file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

/** What a file looks like from outside; a file that still does needs no reading. */
function look(file) {
  const { size, mtimeMs } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
  return size === undefined ? null : `${size}@${mtimeMs}`;
}

function npmPackages() {
  const lock = path.join(here, 'package-lock.json');
  const installed = path.join(here, 'node_modules/.package-lock.json');
  if (fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(lock).mtimeMs) {
    return;
  }
  console.log('fetching the packages of src/main/runner/package-lock.json (npm ci)');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: ['ignore', 2, 2] });
}

/** Where the bytes of {@code file} lie now, or writes them to {@code part}. */
function provide(file, part) {
  const [, scheme, name] = /^(npm|maven|generated):?(.*?)(?:@[^@/]*)?$/.exec(file.package);
  if (scheme === 'generated') {
    const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java';
    execFileSync(java, [path.join(root, file.path), part, String(file.seed)], { stdio: ['ignore', 2, 2] });
    return;
  }
  if (scheme === 'npm') {
    npmPackages();
  }
  const from = scheme === 'npm' ? path.join(here, 'node_modules', name, file.path) : path.join(root, 'target/packages', file.path);
  if (!fs.existsSync(from)) {
    throw new Error(`${from} is not there, which ${file.package} should hold.`);
  }
  fs.copyFileSync(from, part);
}

const stamp = fs.existsSync(stampFile) ? JSON.parse(fs.readFileSync(stampFile, 'utf8')) : {};
const next = {};
try {
  for (const file of wanted()) {
    const target = path.join(classes, file.to);
    const seen = stamp[file.to];
    if (seen && seen.sha256 === file.sha256 && seen.look === look(target)) {
      next[file.to] = seen;
      continue;
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    if (look(target) === null || sha256(target) !== file.sha256) {
      const part = `${target}.part`;
      provide(file, part);
      const actual = sha256(part);
      if (actual !== file.sha256) {
        fs.rmSync(part);
        throw new Error(
          `${file.to} from ${file.package} has SHA-256\n  ${actual}, but models/catalogue.json says\n  ${file.sha256}. ` +
            'Maybe the package was updated and the catalogue was not?',
        );
      }
      fs.renameSync(part, target);
    }
    next[file.to] = { sha256: file.sha256, look: look(target) };
  }
} catch (error) {
  console.error(`runner files: ${error.message}`);
  process.exitCode = 1;
}
if (JSON.stringify(next) !== JSON.stringify(stamp)) {
  fs.mkdirSync(path.dirname(stampFile), { recursive: true });
  fs.writeFileSync(stampFile, JSON.stringify(next, null, 1));
}
