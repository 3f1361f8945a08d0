import { bar, bytes, command, demand, h, percent, plural, quoted, since, table, tag } from "./dom.js";
import { allForecasts, allPools, allWorkers } from "./live.js";

export const slots = (busy, total) => h("span.slots", { role: "img", "aria-label": `${busy} of ${total} slots busy` }, Array.from({ length: Math.min(total, 32) }, (_, i) => h(i < busy ? "i.busy" : "i")));

export async function pools() {
  const [all, workers, forecasts] = await Promise.all([allPools(), allWorkers(), allForecasts()]);
  const lost = workers.filter((worker) => worker.state === "LOST");
  return {
    title: "Pools",
    body: [
      h("p.lead", {}, `${plural(all.length, "pool")}, ${plural(workers.length - lost.length, "worker")}. A pool is one kind of browser on one kind of hardware; what a browser can do was probed in it, not assumed.`),
      all.length === 0 ? h("section", {}, h("p.empty", {}, "No worker has joined yet. The first command below starts one on a machine with a browser; in a cluster a BrowserPool does.")) : null,
      all.map((pool) => h("section", {},
        h("h2", {}, pool.name, " ", tag(`${pool.browser} ${pool.browserVersions.join(", ")}`, "")),
        meter("slots", [["s-running", pool.busySlots, "busy"], ["s-waiting", pool.totalSlots - pool.busySlots, "free"]], `${pool.busySlots} of ${pool.totalSlots} busy`),
        meter("utilization", [["fill", pool.utilizationRatio ?? 0, "used"], ["none", 1 - (pool.utilizationRatio ?? 0), "rest"]], percent(pool.utilizationRatio)),
        h("p.small.muted", {}, `${pool.readyReplicas} of ${plural(pool.replicas, "worker")} ready`, pool.openBreakers ? [" · ", tag(plural(pool.openBreakers, "breaker") + " not closed", "bad")] : " · breakers closed"),
        forecast(pool, forecasts.find((each) => each.pool === pool.name)?.points ?? []),
        h("div.cards", {}, workers.filter((worker) => worker.request?.pool === pool.name && worker.state !== "LOST").sort((a, b) => a.id.localeCompare(b.id)).slice(0, 200).map(card)))),
      lost.length ? h("section", {}, h("h2", {}, "Lost"), lost.map((worker) => h("p", {}, tag("lost"), ` ${worker.id}, last heard of ${since(worker.lastSeen)} ago`))) : null,
      command(`bin/ballast worker --server ${location.origin} --pool ${quoted(all[0]?.name ?? "chromium")}     # one worker more`, `curl -X POST ${location.origin}/api/v1/workers/${workers.length > lost.length ? encodeURIComponent(workers.find((worker) => worker.state !== "LOST").id) : "ID"}/drain     # bind nothing more there`),
    ],
  };
}
const hasForecast = (pool) => Object.keys(pool.forecastUtilization).length > 0;
const advice = (pool) => pool.recommendedReplicas === null ? "no recommendation" : `${plural(pool.recommendedReplicas, "worker")} recommended, ${pool.readyReplicas} ready${pool.desiredReplicas === null ? "" : `, ${pool.desiredReplicas} asked for`}`;

/** More than this many times all slots is drawn at the upper edge: the number says how much it is. */
const MOST_DRAWN = 3;

/** What was forecast for each moment is the fan, what came is the line in it; behind now there is only the fan. */
function forecast(pool, points) {
  if (!hasForecast(pool)) return h("p.small.muted", {}, "No forecast yet: ", advice(pool), ".");
  const foretold = points.filter((point) => Object.keys(point.forecast).length > 0)
    .map((point) => ({ at: Date.parse(point.at) + point.aheadSeconds * 1000, ratios: Object.entries(point.forecast).sort(([a], [b]) => a - b).map(([, ratio]) => ratio) })).sort((a, b) => a.at - b.at);
  const came = points.filter((point) => point.usedRatio !== null).map((point) => ({ at: Date.parse(point.at), ratio: point.usedRatio }));
  const now = Date.now(), from = Math.min(now - 120000, ...came.map((each) => each.at)), to = Math.max(now + 20000, ...foretold.map((each) => each.at));
  const most = Math.min(MOST_DRAWN, Math.max(1.25, ...foretold.flatMap((each) => each.ratios)));
  const x = (at) => (480 * (at - from) / (to - from)).toFixed(1), y = (ratio) => (98 - 90 * Math.min(ratio, most) / most).toFixed(1);
  const drawn = foretold.filter((each) => each.at >= from), edge = (pick) => drawn.map((each) => `${x(each.at)} ${y(pick(each.ratios))}`);
  const low = edge((ratios) => ratios[0]), high = edge((ratios) => ratios.at(-1)), middle = edge((ratios) => ratios[Math.floor((ratios.length - 1) / 2)]);
  const used = came.map((each) => `${x(each.at)} ${y(each.ratio)}`);
  const last = Object.entries(pool.forecastUtilization).map(([q, ratio]) => [Number(q), ratio]).sort(([a], [b]) => a - b), ratios = last.map(([, ratio]) => ratio);
  const words = `${came.length ? `${percent(came.at(-1).ratio)} of the slots used, ` : ""}forecast ${last.map(([q, ratio]) => `${demand(ratio)} (quantile ${q})`).join(", ")}`;
  const minutes = Math.round((now - from) / 60000);
  return h("div.forecast", {},
    h("h3", {}, "Forecast ", pool.forecastTrusted === null ? null : tag(pool.forecastTrusted ? "followed" : "not trusted now", pool.forecastTrusted ? "good" : "warn"),
      h("span.told", {}, ` ${demand(Math.min(...ratios))} – ${demand(Math.max(...ratios))} of the slots`)),
    h("svg.plot", { viewBox: "0 0 480 100", preserveAspectRatio: "none", role: "img", "aria-label": words }, h("title", {}, words),
      h("line.axis1", { x1: 0, x2: 480, y1: y(1), y2: y(1) }), h("line.grid", { x1: 0, x2: 480, y1: 98, y2: 98 }),
      low.length > 1 ? h("path.fan", { d: `M${low.join("L")}L${[...high].reverse().join("L")}Z` }) : null,
      h("line.now", { x1: x(now), x2: x(now), y1: 0, y2: 98 }),
      middle.length > 1 ? h("path.mid", { d: `M${middle.join("L")}` }) : null, used.length > 1 ? h("path.used", { d: `M${used.join("L")}` }) : null),
    h("div.ticks", { "aria-hidden": "true" }, h("span", {}, `${plural(minutes, "minute")} ago`), h("span", {}, `now, and ${Math.round((to - now) / 1000)} s on`)),
    h("ul.legend", {}, h("li", {}, h("i.is-used", { "aria-hidden": "true" }), "used"), h("li", {}, h("i.is-all", { "aria-hidden": "true" }), "all slots"), h("li", {}, h("i.is-fan", { "aria-hidden": "true" }), "forecast for that moment, 10 % – 90 %", Math.max(0, ...ratios) > most ? " (above the picture: it is drawn at the edge)" : null)),
    h("p.small.muted", {}, advice(pool), pool.forecastErrorRatio === null ? "." : `. Late forecasts were wrong by ${pool.forecastErrorRatio.toFixed(2)}× what “as now” would have been.`));
}

/** What the pools will need, in a table; nothing where nobody forecasts. */
export function outlook(pools) {
  const told = pools.filter((pool) => hasForecast(pool) || pool.recommendedReplicas !== null);
  return told.length === 0 ? null : h("section", {}, h("h2", {}, "What is coming"), table("Demand a lead time ahead ÷ slots, and the workers for it", ["pool", { text: "forecast", num: true }, { text: "ready", num: true, wide: true }, { text: "recommended", num: true }],
    told.map((pool) => {
      const ratios = Object.values(pool.forecastUtilization);
      const short = pool.recommendedReplicas !== null && pool.recommendedReplicas > pool.readyReplicas;
      return h("tr", {}, h("th", { scope: "row" }, h("a", { href: "#/pools" }, pool.name)), h("td.num", {}, ratios.length ? `${demand(Math.min(...ratios))} – ${demand(Math.max(...ratios))}` : "–"), h("td.num.wide", {}, pool.readyReplicas), h("td.num", {}, pool.recommendedReplicas === null ? "–" : short ? tag(String(pool.recommendedReplicas), "warn") : pool.recommendedReplicas));
    })));
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
    h("p.muted", {}, capability.adapter ? [capability.adapter.vendor, capability.adapter.architecture].filter(Boolean).join(" ") || "an adapter without a name" : "no GPU adapter", capability.adapter?.software ? [" ", tag("software adapter", "warn")] : null),
    h("div.chips", {}, capability.backends.map((backend) => tag(backend, "")), metrics.residentModels.map((model) => tag(model.replace("|", " on "), "run"))));
}
const uptime = (iso) => { const m = /P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?/.exec(iso) ?? []; return m[1] ? `${m[1]} d` : m[2] ? `${m[2]} h ${m[3] ?? 0} min` : m[3] ? `${m[3]} min` : `${Math.round(m[4] ?? 0)} s`; };
