// Unpacks the browser of @sparticuz/chromium: node unpack.mjs PACKAGE FOLDER
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib';

const [from, to] = process.argv.slice(2);
await pipeline(
  createReadStream(join(from, 'bin/chromium.br')),
  createBrotliDecompress(),
  createWriteStream(join(to, 'headless_shell'), { mode: 0o755 }),
);
// Without these there is no GPU process, and then no WebNN.
const libraries = brotliDecompressSync(readFileSync(join(from, 'bin/swiftshader.tar.br')));
const tar = spawnSync('tar', ['-x', '--no-same-owner', '-C', to], { input: libraries, stdio: ['pipe', 'inherit', 'inherit'] });
if (tar.status !== 0) throw new Error(`tar ended with ${tar.status ?? tar.signal ?? tar.error}`);
