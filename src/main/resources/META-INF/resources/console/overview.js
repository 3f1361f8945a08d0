import { bar, clock, command, h, number, plural, tag } from "./dom.js";
import { allJobs, allPools, allWorkers, ended, feed, part, tick } from "./live.js";
import { progress } from "./jobs.js";
import { outlook } from "./pools.js";

export async function overview() {
  const [jobs, pools, workers] = await Promise.all([allJobs(), allPools(), allWorkers()]);
  tick();
  const sum = (of) => jobs.reduce((total, job) => total + of(job.counts), 0);
  const waiting = sum((c) => c.waiting - c.unplaceable), unplaceable = sum((c) => c.unplaceable), running = sum((c) => c.running), failed = sum((c) => c.failed);
  const ready = pools.reduce((total, pool) => total + pool.readyReplicas, 0);
  const open = pools.reduce((total, pool) => total + pool.openBreakers, 0);
  const lost = workers.filter((worker) => worker.state === "LOST").length;
  const active = jobs.filter((job) => ["accepted", "running", "suspended"].includes(job.state));
  const rate = ended.slice(-61, -1).reduce((a, b) => a + b, 0);
  const verdict = ready === 0 && waiting + unplaceable > 0 ? ["bad", `No worker is ready, and ${plural(waiting + unplaceable, "task")} ${waiting + unplaceable === 1 ? "waits" : "wait"}.`]
    : ready === 0 ? ["warn", "No worker is ready. Nothing waits either."]
    : unplaceable > 0 ? ["warn", `${plural(unplaceable, "task")} ${unplaceable === 1 ? "waits" : "wait"} for a browser that is not here.`]
    : open > 0 ? ["warn", `${plural(open, "breaker")} not closed: a browser failed too often.`]
    : lost > 0 ? ["warn", `${plural(lost, "worker")} lost.`]
    : ["good", running > 0 ? `All is well: ${plural(running, "task")} running.` : "All is well, and nothing runs."];
  const tile = (value, name, kind = "") => h(`li${value === 0 ? ".zero" : kind && `.${kind}`}`, {}, h("b", {}, number(value)), h("span", {}, name));
  return {
    title: "Overview",
    body: [
      h("p.verdictline", {}, tag({ good: "fine", warn: "look", bad: "act" }[verdict[0]], verdict[0]), verdict[1]),
      h("ul.tiles", {}, tile(running, "running", "good"), tile(waiting, "waiting"), tile(unplaceable, "unplaceable", "warn"), tile(ready, "workers ready"), tile(active.length, "jobs going on"), tile(rate, "ended in a minute"), tile(failed, "failed tasks", "bad")),
      h("div.two", {},
        h("div", {},
          h("section", {}, h("h2", {}, "What runs where"), pools.length === 0 ? h("p.empty", {}, "No worker has joined yet. ", h("a", { href: "#/pools" }, "How one does")) : null,
            pools.map((pool) => h("div.meter", {}, h("a", { href: `#/pools` }, pool.name), bar([["s-running", pool.busySlots, "busy slots"], ["s-waiting", pool.totalSlots - pool.busySlots, "free slots"]]), h("span", {}, `${pool.busySlots} of ${plural(pool.totalSlots, "slot")}`)))),
          outlook(pools),
          h("section", {}, h("h2", {}, "Jobs"), jobs.length === 0 ? h("p.empty", {}, "No job yet. The command below submits one.") : [jobs.slice(0, 6).map(progress), jobs.length > 6 ? h("p.small", {}, h("a", { href: "#/jobs" }, `All ${number(jobs.length)} jobs`)) : null]),
          h("section", {}, h("h2", {}, "Attempts that ended, each second"), spark(), h("div.ticks", { "aria-hidden": "true" }, h("span", {}, "2 min ago"), h("span", {}, "now")))),
        h("section", {}, h("h2", {}, "As it happens"), feed.length === 0 ? h("p.empty", {}, "Nothing since this page was opened.") : h("ul.feed", { tabindex: 0, "aria-label": "Events, newest first" }, feed.slice(0, 24).map(line)))),
      command(...(pools.length === 0 ? [`bin/ballast worker --server ${location.origin} --pool chromium`] : []), `bin/ballast run k8s/samples/quickstart.yaml --server ${location.origin}`),
    ],
  };
}

function spark() {
  const most = Math.max(1, ...ended);
  return h("svg.plot", { viewBox: "0 0 480 61", role: "img", "aria-label": `attempts per second in the last two minutes, at most ${most}` },
    h("line.grid", { x1: 0, x2: 480, y1: 60, y2: 60 }),
    ended.map((n, i) => n > 0 ? h("rect.spark", { x: i * 4, y: 60 - 50 * n / most, width: 3, height: 50 * n / most, rx: 1 }) : null),
    ended.some((n) => n > 0) ? h("text", { x: 480, y: 8, "text-anchor": "end" }, `${most}/s`) : null);
}

function line(event) {
  const where = event.namespace && event.job ? `#/jobs/${part(event.namespace)}/${part(event.job)}` : null;
  const name = event.job ?? event.uid.slice(0, 8);
  const subject = event.index !== undefined ? `${name} · ${event.index}` : name;
  const what = { "job-accepted": "accepted", "job-changed": "changed", "job-ended": event.state, "attempt-bound": `to ${event.worker}`, "attempt-returned": "taken back", "attempt-ended": event.outcome }[event.type];
  return h("li", {}, h("time", {}, clock(event.at)), where ? h("a", { href: event.index !== undefined ? `${where}/tasks/${event.index}` : where }, subject) : h("span", {}, subject),
    h("span", {}, event.type === "attempt-bound" ? h("span.muted", {}, what) : tag(what), event.verdict && event.verdict !== "trusted" && event.outcome === "succeeded" ? [" ", tag(event.verdict)] : null));
}
