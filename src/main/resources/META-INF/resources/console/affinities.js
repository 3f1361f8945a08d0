import { command, h, millis, number, plural, table, tag } from "./dom.js";
import { get } from "./live.js";

export async function affinities() {
  const all = await get("affinities");
  return {
    title: "Affinities",
    body: [
      h("p.lead", {}, "How much faster a family, or a model, runs in one browser than in the others on the same backend: measured, with its 95 % interval, beside the prior that was configured. An interval that holds 1 decides nothing yet. ○ measured, ◇ prior."),
      all.length === 0 ? h("section", {}, h("p.empty", {}, "Nothing was measured yet. Run one model in two browsers, and what is faster where stands here: the command below does.")) : null,
      all.filter(compared).map(one),
      alone(all.filter((affinity) => !compared(affinity))),
      command(...(all.length === 0 ? [`bin/ballast run k8s/samples/quickstart.yaml --server ${location.origin}`] : []), `bin/ballast history --server ${location.origin}`),
    ],
  };
}
const RANGE = Math.log(8);
const x = (ratio) => 240 + 232 * Math.max(-1, Math.min(1, Math.log(ratio) / RANGE));

const compared = (affinity) => affinity.cells.some((cell) => cell.relativeSpeed);
const title = (affinity) => affinity.model ? `${affinity.family} · ${affinity.model}` : `${affinity.family}, all models`;
const software = (affinity) => affinity.software ? [" ", tag("software adapters", "warn")] : null;

/** What ran in one browser only: there is nothing to draw yet. */
function alone(affinities) {
  if (affinities.length === 0) return null;
  return h("section", {}, h("h2", {}, "Nothing to compare with yet"), table("Measured in one browser only on that backend", ["family, or model", "browser", { text: "attempts", num: true, wide: true }, { text: "time", num: true }, { text: "prior", num: true }],
    affinities.flatMap((affinity) => affinity.cells.map((cell) => {
      const prior = affinity.priors.find((each) => each.kind === cell.place.kind);
      return h("tr", {}, h("th", { scope: "row" }, title(affinity), software(affinity)), h("td", {}, `${cell.place.kind} · ${cell.place.backend}`), h("td.num.wide", {}, number(cell.n)), h("td.num", {}, millis(cell.millis.mean)), h("td.num", {}, prior ? `${prior.advantage.toFixed(2)}×` : "–"));
    }))));
}

function one(affinity) {
  const prior = (kind) => affinity.priors.find((each) => each.kind === kind);
  return h("section", {},
    h("h2", {}, title(affinity), software(affinity)),
    h("p.small.muted", {}, "Fastest: ", h("b", {}, `${affinity.best.place.kind} · ${affinity.best.place.backend}`), affinity.best.lead ? [`, ${affinity.best.lead.ratio.mean.toFixed(2)}× the speed of ${affinity.best.lead.over.kind} · ${affinity.best.lead.over.backend} `, affinity.best.lead.agreement === "NO_PRIOR" || affinity.best.lead.agreement === "no prior" ? null : tag(`${affinity.best.lead.agreement.toLowerCase()} ${affinity.best.lead.agreement.toLowerCase() === "undecided" ? "about" : "with"} the prior`, { agrees: "good", disagrees: "bad" }[affinity.best.lead.agreement.toLowerCase()] ?? "")] : ", nothing to compare with yet"),
    affinity.cells.map((cell) => row(cell, prior(cell.place.kind))),
    h("div.strip.scale", {}, h("span", {}), axis(), h("span.num", {}, "time")));
}

function row(cell, prior) {
  const speed = cell.relativeSpeed;
  const text = speed ? `${speed.mean.toFixed(2)}× the speed of the others${speed.low95 ? `, between ${speed.low95.toFixed(2)} and ${speed.high95.toFixed(2)}` : ""}` : "nothing to compare with";
  return h("div.strip", {},
    h("span", {}, `${cell.place.kind} · ${cell.place.backend}`, h("span.muted.small", {}, ` ${plural(cell.n, "attempt")}`)),
    h("svg.plot", { viewBox: "0 0 480 24", role: "img", "aria-label": text + (prior ? `; prior ${prior.advantage}` : "") },
      h("title", {}, text), h("line.grid", { x1: 8, x2: 472, y1: 12, y2: 12 }), h("line.axis1", { x1: 240, x2: 240, y1: 0, y2: 24 }),
      speed?.low95 ? h("line.ci", { x1: x(speed.low95), x2: x(speed.high95), y1: 12, y2: 12 }) : null,
      speed ? h("circle.est", { cx: x(speed.mean), cy: 12, r: 5 }) : null,
      prior ? h("path.prior", { d: `M${x(prior.advantage)} 3l6 9l-6 9l-6 -9z` }) : null),
    h("span.num", {}, millis(cell.millis.mean)));
}
const axis = () => h("div.ticks", { "aria-hidden": "true" }, [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8].map((ratio) => h("span", {}, ratio < 1 ? `1/${1 / ratio}×` : `${ratio}×`)));
