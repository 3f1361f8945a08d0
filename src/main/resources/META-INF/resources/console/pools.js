import { bar, bytes, command, h, percent, plural, quoted, since, tag } from "./dom.js";
import { get } from "./live.js";

export const slots = (busy, total) => h("span.slots", { role: "img", "aria-label": `${busy} of ${total} slots busy` }, Array.from({ length: Math.min(total, 32) }, (_, i) => h(i < busy ? "i.busy" : "i")));

export async function pools() {
  const [all, workers] = await Promise.all([get("namespaces/default/pools"), get("workers")]);
  const lost = workers.filter((worker) => worker.state === "LOST");
  return {
    title: "Pools",
    body: [
      h("p.lead", {}, `${plural(all.length, "pool")}, ${plural(workers.length - lost.length, "worker")}. A pool is one kind of browser on one kind of hardware; what a browser can do was probed in it, not assumed.`),
      all.length === 0 ? h("section", {}, h("p.empty", {}, "No worker has joined yet.")) : null,
      all.map((pool) => h("section", {},
        h("h2", {}, pool.name, " ", tag(`${pool.browser} ${pool.browserVersions.join(", ")}`, "")),
        meter("slots", [["s-running", pool.busySlots, "busy"], ["s-waiting", pool.totalSlots - pool.busySlots, "free"]], `${pool.busySlots} of ${pool.totalSlots} busy`),
        meter("utilization", [["fill", pool.utilizationRatio ?? 0, "used"], ["none", 1 - (pool.utilizationRatio ?? 0), "rest"]], percent(pool.utilizationRatio)),
        h("p.small.muted", {}, `${pool.readyReplicas} of ${plural(pool.replicas, "worker")} ready`, pool.openBreakers ? [" · ", tag(plural(pool.openBreakers, "breaker") + " not closed", "bad")] : " · breakers closed"),
        h("div.cards", {}, workers.filter((worker) => worker.request?.pool === pool.name && worker.state !== "LOST").sort((a, b) => a.id.localeCompare(b.id)).slice(0, 200).map(card)))),
      lost.length ? h("section", {}, h("h2", {}, "Lost"), lost.map((worker) => h("p", {}, tag("lost"), ` ${worker.id}, last heard of ${since(worker.lastSeen)} ago`))) : null,
      command(`bin/ballast worker --server ${location.origin} --pool ${quoted(all[0]?.name ?? "chromium")}     # one worker more`, `curl -X POST ${location.origin}/api/v1/workers/${workers[0] ? encodeURIComponent(workers[0].id) : "ID"}/drain     # bind nothing more there`),
    ],
  };
}
const meter = (name, parts, text) => h("div.meter", {}, h("span", {}, name), bar(parts), h("span", {}, text));

function card(worker) {
  const told = worker.request, metrics = told.metrics, capability = told.capability;
  const memory = metrics.memoryBytes ?? null, most = capability.memoryBytes ?? null;
  return h("div.worker", {},
    h("h3", {}, worker.id, tag(worker.state.toLowerCase())),
    h("p", {}, slots(worker.running.length, told.slots), ` ${worker.running.length} running, ${worker.bound.length} bound `, worker.breaker === "closed" ? null : tag(`breaker ${worker.breaker}`, worker.breaker === "open" ? "bad" : "warn")),
    meter("memory", memory === null ? [] : [["fill", memory, "used MiB"], ["none", Math.max(0, (most ?? memory) - memory), "left"]], most === null ? bytes(memory) : `${bytes(memory)} of ${bytes(most)}`),
    h("p.muted", {}, `${told.browser.kind} ${told.browser.version} on ${told.os} · up ${uptime(metrics.age)} · ${plural(metrics.tasksDone, "task")} done`),
    h("p.muted", {}, capability.adapter ? `${capability.adapter.vendor} ${capability.adapter.architecture}` : "no GPU adapter", capability.adapter?.software ? [" ", tag("software adapter", "warn")] : null),
    h("div.chips", {}, capability.backends.map((backend) => tag(backend, "")), metrics.residentModels.map((model) => tag(model.replace("|", " on "), "run"))));
}
const uptime = (iso) => { const m = /P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?/.exec(iso) ?? []; return m[1] ? `${m[1]} d` : m[2] ? `${m[2]} h ${m[3] ?? 0} min` : m[3] ? `${m[3]} min` : `${Math.round(m[4] ?? 0)} s`; };
