// The browser's part of bin/console-check: opens every page of a console that is at work, in Chromium through its WebDriver, takes pictures of
// it wide and narrow, light and dark, and measures the first view. Usage: node look.mjs SERVER WEBDRIVER FOLDER [empty]
// With "empty" the console is one where nothing has happened yet.
import { mkdirSync, writeFileSync } from "node:fs";

const [server, driver, folder, empty] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function call(path, body, method = "POST") {
  const answer = await fetch(driver + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${value?.message}`);
  return value;
}
const opened = await call("/session", { capabilities: { alwaysMatch: { browserName: "chrome", "goog:chromeOptions": { args: ["--headless=new", "--no-sandbox", "--hide-scrollbars"] } } } });
const session = `/session/${opened.sessionId}`;
const run = (script, ...args) => call(`${session}/execute/sync`, { script, args });
const cdp = (cmd, params) => call(`${session}/goog/cdp/execute`, { cmd, params });
const go = (url) => call(`${session}/url`, { url });

async function until(what, script, seconds = 60) {
  for (let i = 0; i < seconds * 10; i++) {
    if (await run(script)) return;
    await sleep(100);
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function firstView() {
  const times = [];
  let bytes = 0;
  await cdp("Network.enable", {});
  await cdp("Network.setCacheDisabled", { cacheDisabled: true });
  for (let i = 0; i < 9; i++) {
    await go("about:blank");
    await go(`${server}/`);
    await until("the overview", "return document.querySelector('h1')?.innerText === 'Overview'");
    // Marked by the page's own clock: when its data was there, not when this script looked.
    times.push(await run("return performance.getEntriesByType('resource').filter(e => e.name.includes('/api/v1/') && !e.name.includes('/events')).reduce((last, e) => Math.max(last, e.responseEnd), 0)"));
    bytes = await run("const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]; return all.filter(e => !e.name.includes('/api/')).reduce((sum, e) => sum + e.transferSize, 0)");
  }
  await cdp("Network.setCacheDisabled", { cacheDisabled: false });
  console.log(`first view: all of its data there after ${Math.round(median(times))} ms (median of ${times.length}, cache off; longest ${Math.round(Math.max(...times))} ms), ${(bytes / 1000).toFixed(0)} kB transferred`);
}

async function shoot(name, width, scheme) {
  await cdp("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await cdp("Emulation.setDeviceMetricsOverride", { width, height: width < 500 ? 844 : 800, deviceScaleFactor: 1, mobile: width < 500 });
  await sleep(400);
  const wide = await run("return document.documentElement.scrollWidth");
  if (wide > width) console.log(`${name} at ${width} px: ${wide} px wide`);
  const { data } = await cdp("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
  writeFileSync(`${folder}/${name}-${width}-${scheme}.png`, Buffer.from(data, "base64"));
}

const get = async (path) => (await fetch(`${server}/api/v1/${path}`)).json();
async function look(pages, prefix = "") {
  for (const [name, hash] of Object.entries(pages)) {
    await run("location.hash = arguments[0]", `/${hash}`);
    await sleep(1500);
    for (const width of [1280, 390]) for (const scheme of ["light", "dark"]) await shoot(prefix + name, width, scheme);
  }
}

async function busy() {
  await firstView();
  const jobs = await get("jobs");
  const uid = (name) => jobs.find((job) => job.name === name).uid;
  const first = (await get(`namespaces/default/jobs/${uid("quickstart")}/tasks?limit=1`)).items[0].index;
  const waits = jobs.find((job) => job.counts.unplaceable > 0);
  const pages = {
    overview: "", pools: "pools", jobs: "jobs", job: `jobs/default/${uid("quickstart")}`, heap: `jobs/default/${uid("heap")}`,
    task: `jobs/default/${uid("quickstart")}/tasks/${first}`, affinities: "affinities",
    ...(waits ? { unplaceable: `jobs/default/${waits.uid}`, waiting: `jobs/default/${waits.uid}/tasks/0` } : {}), missing: "jobs/default/none",
  };
  await look(pages);
  await go(`${server}/console/sign-in.html`);
  for (const width of [1280, 390]) for (const scheme of ["light", "dark"]) await shoot("sign-in", width, scheme);
}

try {
  if (empty) {
    await go(`${server}/`);
    await look({ overview: "", pools: "pools", jobs: "jobs", affinities: "affinities" }, "empty-");
  } else {
    await busy();
  }
} finally {
  await call(session, undefined, "DELETE");
}
