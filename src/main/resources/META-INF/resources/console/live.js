// What the server tells: answers of the API, and its events.
/** Of one namespace where the address says so (/?namespace=team), for those who may not see all. */
export const scope = new URLSearchParams(location.search).get("namespace");
export async function get(path) {
  const answer = await fetch(`/api/v1/${path}`, { headers: { Accept: "application/json" } });
  const body = await answer.json().catch(() => null);
  if (answer.status === 401) location.reload(); // what is at / then is the page where a token is entered
  if (!answer.ok) throw Object.assign(new Error(body?.detail ?? `${answer.status} ${answer.statusText}`), { status: answer.status });
  return body;
}
export const part = encodeURIComponent;
/** The newest first. */
export async function allJobs() {
  const jobs = await get(scope ? `namespaces/${part(scope)}/jobs` : "jobs");
  remember(jobs);
  return jobs.sort((a, b) => b.acceptedAt.localeCompare(a.acceptedAt));
}
export const allPools = () => get(scope ? `namespaces/${part(scope)}/pools` : "pools");
/** A point of it is made every 10 s, so that nobody needs it more often. */
export async function allForecasts() {
  if (!forecasts.at || Date.now() - forecasts.at > 5000) Object.assign(forecasts, { at: Date.now(), pools: await get(scope ? `namespaces/${part(scope)}/forecasts` : "forecasts") });
  return forecasts.pools;
}
const forecasts = {};
export const allWorkers = () => get(scope ? `namespaces/${part(scope)}/workers` : "workers");
export const jobPath = (namespace, name) => `namespaces/${part(namespace)}/jobs/${part(name)}`;

export const feed = [];
export const ended = new Array(120).fill(0);
let second = Math.floor(Date.now() / 1000);
export function tick() {
  const now = Math.floor(Date.now() / 1000);
  for (; second < now; second++) { ended.shift(); ended.push(0); }
}

const names = new Map();
/**
 * Listens to the events while the page is seen; `changed` is called for each, `state` with on, off or connecting. A browser keeps six
 * connections to a server: pages that nobody looks at must not hold them.
 */
export function listen(changed, state) {
  let events = null;
  const look = () => {
    if (document.hidden) { events?.close(); events = null; }
    else if (events === null) { events = open(changed, state); changed(); }
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => { events?.close(); events = null; });
  addEventListener("pageshow", look);
  look();
}

function open(changed, state) {
  const events = new EventSource(scope ? `/api/v1/namespaces/${part(scope)}/events` : "/api/v1/events");
  const take = (event) => {
    const told = JSON.parse(event.data);
    if (told.job) names.set(told.uid, { name: told.job, namespace: told.namespace });
    tick();
    if (told.type === "attempt-ended") ended[ended.length - 1]++;
    feed.unshift({ ...names.get(told.uid) && { job: names.get(told.uid).name, namespace: names.get(told.uid).namespace }, ...Object.fromEntries(Object.entries(told).filter(([, v]) => v !== null)) });
    feed.length = Math.min(feed.length, 40);
    changed();
  };
  for (const type of ["job-accepted", "job-changed", "job-ended", "attempt-bound", "attempt-returned", "attempt-ended"]) events.addEventListener(type, take);
  events.addEventListener("gap", changed);
  events.onopen = () => state("on");
  events.onerror = () => state(events.readyState === EventSource.CLOSED ? "off" : "connecting");
  events.addEventListener("overflow", changed);
  return events;
}
export const remember = (jobs) => jobs.forEach((job) => names.set(job.uid, { name: job.name, namespace: job.namespace }));
