import { bytes, clock, command, h, legend, millis, plural, quoted, seconds, table, tag } from "./dom.js";
import { get, jobPath, part } from "./live.js";

const PHASES = ["queue", "placement", "browserStart", "download", "sessionCreate", "firstRun", "warmup", "warmRuns", "turn", "overhead"];
const WORDS = { queue: "waits in the queue", placement: "to the worker's start", browserStart: "browser starts", download: "model is fetched", sessionCreate: "model is compiled", firstRun: "first inference", warmup: "warm-up", warmRuns: "measured", turn: "waits for its turn", overhead: "overhead" };
const FACTORS = { wait: "until a slot is free", load: "fetching and compiling the model", affinity: "service time by the priors alone", history: "what measured results say beyond the priors", speed: "a slower inference than the fastest candidate's", reliability: "attempts that fail and are repeated", utilization: "sharing a busy browser", memory: "models evicted and loaded again", hardware: "a software adapter where hardware is preferred", exploration: "what finding out is worth", forecast: "what the place is worth to tasks that are expected", plan: "what the plan for all tasks gains by this browser" };

export async function task(namespace, name, index) {
  const path = jobPath(namespace, name);
  const [job, page, attempts, placements, decision] = await Promise.all([get(path), get(`${path}/tasks?limit=1&continue=${part(index)}`), get(`${path}/tasks/${part(index)}/attempts`), get(`${path}/tasks/${part(index)}/placements`), get(`${path}/tasks/${part(index)}/decision`).catch((problem) => { if (problem.status === 404) return null; throw problem; })]);
  const task = page.items[0];
  return {
    title: `${job.name}, task ${index}`,
    crumb: [h("a", { href: "#/jobs" }, "Jobs"), " / ", h("a", { href: `#/jobs/${part(namespace)}/${part(name)}` }, job.name)],
    body: [
      h("p.verdictline", {}, tag(task.outcome ?? task.state), `${task.model} on ${task.browser ?? "any browser"}, ${task.backend ?? "any backend"}, repetition ${task.repetition}`),
      task.reason ? h("section", {}, h("h2", {}, "Why it waits"), h("p", {}, tag(task.reason.code, task.reason.unplaceable ? "warn" : ""), ` ${task.reason.message}`)) : null,
      task.worker ? h("section", {}, h("p.empty", {}, `${task.state} on ${task.worker}, attempt ${task.attempts}`)) : null,
      placed(placements),
      attempts.length ? h("section", {}, h("h2", {}, "Where the time went"), attempts.map(attempt)) : null,
      decision && (decision.chosen || decision.candidates.length) ? explained(decision) : null,
      command(`bin/ballast explain ${quoted(job.name)} ${index}`, `curl ${location.origin}/api/v1/${path}/tasks/${index}/attempts`),
    ],
  };
}

/** Where the task has been: what is tried again, and what was moved before it started. Once is told by its attempt. */
function placed(placements) {
  if (placements.length < 2) return null;
  return h("section", {}, h("h2", {}, "Where it was placed"), table("A task that is bound may move to another browser; one that has started may not", [{ text: "attempt", num: true }, { text: "placed", wide: true }, "where", { text: "expected cost", num: true, wide: true }, "what became of it"],
    placements.map((each) => h("tr", {}, h("td.num", {}, each.attempt), h("td.wide", {}, each.at ? clock(each.at) : "–"), h("th", { scope: "row" }, `${each.worker} · ${each.backend}`), h("td.num.wide", {}, seconds(each.costSeconds)), h("td", {}, tag(each.fate), each.fate === "moved" ? h("span.muted.small", {}, " before it started") : null)))));
}

function attempt(result) {
  const phases = result.phases && PHASES.map((name, i) => [`ph${i}`, result.phases[name], name]).filter(([, value]) => value > 0);
  // A wait of minutes would leave nothing to see of what the worker did.
  const before = phases && phases.filter(([, , name]) => name === "queue" || name === "placement"), there = phases && phases.filter((phase) => !before.includes(phase));
  return h("div.attempt", {},
    h("h3", {}, `Attempt ${result.attempt} `, tag(result.outcome), " ", result.outcome === "succeeded" ? tag(result.verdict.level) : null, ...result.verdict.reasons.map((reason) => [" ", tag(reason, "")])),
    h("p.small.muted", {}, `${result.worker}, ${result.browser ? `${result.browser.kind} ${result.browser.version}` : "browser unknown"}, from ${clock(result.startedAt)}`),
    result.message ? h("pre", { tabindex: 0 }, result.code ? `${result.code}: ${result.message}` : result.message) : null,
    before && before.length ? h("p.small", {}, before.map(([, value, name]) => `${millis(value)} ${name === "queue" ? "in the queue" : "until the worker began"}`).join(", ") + (there.length ? ", then:" : ".")) : null,
    there && there.length ? [h("div.bar.thick", { role: "img", "aria-label": there.map(([, value, name]) => `${WORDS[name]} ${millis(value)}`).join(", ") }, there.map(([cls, value, name]) => h(`i.${cls}`, { grow: value, title: `${WORDS[name]}: ${millis(value)}` }))), legend(there.map(([cls, value, name]) => [cls, millis(value), WORDS[name]]))] : null,
    result.summary ? h("dl", {}, pair("inference", `${millis(result.summary.p50)} median, ${millis(result.summary.p90)} 90th percentile, ${plural(result.summary.n, "sample")}`), result.summary.low95 !== null ? pair("95 % interval", `${millis(result.summary.low95)} – ${millis(result.summary.high95)}`) : null, pair("backend", `${result.backend.actual ?? "?"}${result.backend.requested && result.backend.requested !== result.backend.actual ? ` (asked for ${result.backend.requested})` : ""}`), result.correctness ? pair("output", `compared with ${result.correctness.reference}${result.correctness.maxError !== null ? `, largest error ${result.correctness.maxError.toExponential(1)} (at most ${result.correctness.tolerance?.toExponential(0)})` : ""}`) : null, pair("memory at most", bytes(result.peakMemoryBytes)), pair("model", result.warmStart === null ? "unknown whether it was loaded" : result.warmStart ? "was loaded already" : "loaded for this attempt")) : null);
}
const pair = (name, value) => [h("dt", {}, name), h("dd", {}, value)];

function explained(decision) {
  const factors = [...new Set(decision.candidates.flatMap((candidate) => Object.entries(candidate.factors).filter(([, v]) => v !== 0).map(([name]) => name)))];
  const isChosen = (candidate) => decision.chosen && candidate.worker === decision.chosen.worker && candidate.backend === decision.chosen.backend;
  return h("section", {}, h("h2", {}, "The decision, factor by factor"),
    h("p", {}, decision.chosen ? ["Placed on ", h("b", {}, decision.chosen.worker), ` with ${decision.chosen.backend}: the lowest cost with a place free, ${seconds(decision.chosen.costSeconds)}.`] : decision.reason ? [tag(decision.reason.code, decision.reason.unplaceable ? "warn" : ""), ` ${decision.reason.message}`] : ""),
    decision.candidates.length ? table("Candidates, the cheapest first; all in seconds, negative is worth something", ["candidate", ...factors.map((name) => ({ text: name, num: true })), { text: "cost", num: true }],
      decision.candidates.map((candidate) => h(isChosen(candidate) ? "tr.chosen" : "tr", {}, h("th", { scope: "row" }, `${candidate.worker} · ${candidate.backend}`, isChosen(candidate) ? [" ", tag("chosen", "run")] : candidate.free ? null : [" ", tag("no place free", "")]), factors.map((name) => h(candidate.factors[name] < 0 ? "td.num.neg" : "td.num", {}, (candidate.factors[name] ?? 0).toFixed(3))), h("td.num", {}, h("b", {}, candidate.costSeconds.toFixed(3)))))) : null,
    h("dl.small", {}, factors.map((name) => pair(name, FACTORS[name] ?? ""))));
}
