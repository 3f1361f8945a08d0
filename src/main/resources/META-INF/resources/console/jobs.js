import { bar, clock, command, h, legend, millis, number, plural, quoted, since, table, tag } from "./dom.js";
import { allJobs, get, jobPath, part, remember } from "./live.js";

const counted = (counts) => [["s-succeeded", counts.succeeded, "succeeded"], ["s-failed", counts.failed, "failed"], ["s-running", counts.running, "running"], ["s-bound", counts.bound, "bound"], ["s-waiting", counts.waiting - counts.unplaceable, "waiting"], ["s-unplaceable", counts.unplaceable, "unplaceable"], ["s-dropped", counts.dropped, "dropped"]];
const link = (job) => `#/jobs/${part(job.namespace)}/${part(job.uid)}`;
export const progress = (job) => h("div.strip", {}, h("a", { href: link(job) }, job.name), bar(counted(job.counts)), h("span.num", {}, tag(job.state)));

export async function jobs() {
  const all = await allJobs();
  return {
    title: "Jobs",
    body: [
      h("section", {}, all.length === 0 ? h("p.empty", {}, "No job yet. The command below submits the one of the samples; a file of your own does as well.") : table(`Newest first${all.length > 200 ? `, 200 of ${number(all.length)}` : ""}; ended jobs are kept for a day, their results for longer`, ["job", "state", "progress", { text: "tasks", num: true, wide: true }, { text: "accepted", wide: true }, "took"],
        all.slice(0, 200).map((job) => h("tr", {}, h("th", { scope: "row" }, h("a", { href: link(job) }, job.name), job.namespace === "default" ? null : h("span.muted.small", {}, ` ${job.namespace}`)), h("td", {}, tag(job.state)), h("td", {}, bar(counted(job.counts))), h("td.num.wide", {}, number(job.tasks)), h("td.wide", {}, clock(job.acceptedAt)), h("td.time", {}, since(job.acceptedAt, job.endedAt)))))),
      command(`bin/ballast run ${all.length === 0 ? "k8s/samples/quickstart.yaml" : "FILE"} --server ${location.origin}`),
    ],
  };
}

const shown = { filter: "", from: "0" };
export async function job(namespace, name, refresh) {
  const path = jobPath(namespace, name);
  if (shown.path !== path) Object.assign(shown, { path, filter: "", from: "0", before: [] });
  const [job, matrix] = await Promise.all([get(path), get(`${path}/matrix`)]);
  const page = await get(`${path}/tasks?limit=50&continue=${shown.from}${shown.filter && `&state=${shown.filter}`}`);
  remember([job]);
  const parts = counted(job.counts);
  const going = !job.endedAt;
  return {
    title: job.name,
    crumb: [h("a", { href: "#/jobs" }, "Jobs"), ` / ${job.namespace}`],
    body: [
      h("p.verdictline", {}, tag(job.state), `${plural(job.tasks, "task")}, ${going ? "for" : "took"} ${since(job.acceptedAt, job.endedAt)}`, job.message ? h("span.muted", {}, job.message) : null),
      h("section", {}, bar(parts, true), legend(parts.filter(([, n]) => n > 0).map(([c, n, t]) => [c, number(n), t]))),
      matrix.reasons.length ? h("section", {}, h("h2", {}, "Why tasks wait"), table("The first of a kind speaks for all of it", ["reason", { text: "tasks", num: true }, "in words"], matrix.reasons.map((reason) => h("tr", {}, h("th", { scope: "row" }, tag(reason.code, reason.unplaceable ? "warn" : "")), h("td.num", {}, number(reason.tasks)), h("td", {}, reason.message))))) : null,
      h("section", {}, h("h2", {}, "Matrix"), heat(matrix.cells)),
      spread(matrix.cells),
      tasks(job, page, path, refresh),
      command(`bin/ballast explain ${quoted(job.name)} 0`,
        ...(going ? [`curl -X PATCH ${location.origin}/api/v1/${path} -H 'Content-Type: application/json' -d '{"suspend": ${!job.suspend}}'`, `curl -X DELETE ${location.origin}/api/v1/${path}     # cancel it`] : []),
        `curl ${location.origin}/api/v1/${path}/results -H 'Accept: text/csv'`),
    ],
  };
}

const column = (cell) => `${cell.browser ?? "any browser"}\n${cell.backend ?? "any backend"}`;
function heat(cells) {
  const columns = [...new Set(cells.map(column))].sort();
  const models = [...new Map(cells.map((cell) => [cell.model, cell.family]))];
  return [table("Median inference time; colours compare a row: green is its fastest place. The line below each: verdicts of its measurements", ["model", ...columns.map((name) => name.replace("\n", " · "))],
    models.map(([model, family]) => {
      const best = Math.min(...cells.filter((cell) => cell.model === model && cell.medianMillis).map((cell) => cell.medianMillis));
      return h("tr", {}, h("th", { scope: "row" }, model, h("div.muted.small", {}, family)), columns.map((name) => {
        const cell = cells.find((each) => each.model === model && column(each) === name);
        return cell ? place(cell, best) : h("td", {}, "–");
      }));
    }), "heat"), legend([["v-trusted", "", "trusted"], ["v-flagged", "", "flagged"], ["v-rejected", "", "rejected"], ["s-failed", "", "failed"], ["s-waiting", "", "to come"]])];
}
function place(cell, best) {
  const total = Object.values(cell.states).reduce((a, b) => a + b, 0), done = cell.states.succeeded ?? 0, failed = cell.states.failed ?? 0;
  const ratio = cell.medianMillis ? cell.medianMillis / best : null;
  const level = ratio === null ? "" : ratio < 1.05 ? ".h0" : ratio < 1.5 ? ".h1" : ratio < 2.5 ? ".h2" : ratio < 6 ? ".h3" : ".h4";
  const verdicts = ["trusted", "flagged", "rejected"].map((name) => [`v-${name}`, cell.verdicts[name] ?? 0, name]);
  const doubts = Object.entries(cell.doubts).map(([reason, n]) => `${reason} ${n}`).join(", ");
  return h(`td${level}`, { title: doubts || null }, h("b", {}, cell.medianMillis ? millis(cell.medianMillis) : cell.verdicts.rejected ? "rejected" : failed ? "failed" : "…"),
    h("small", {}, `${done} of ${total}`, ratio && ratio >= 1.05 ? ` · ${ratio.toFixed(ratio < 10 ? 1 : 0)}× slower` : null),
    bar([...verdicts, ["s-failed", failed, "failed"], ["s-waiting", total - done - failed, "to come"]]));
}

function spread(cells) {
  const measured = cells.filter((cell) => cell.millis.length > 1);
  if (measured.length === 0) return null;
  const models = [...new Set(measured.map((cell) => cell.model))];
  return h("section", {}, h("h2", {}, "How the measurements spread"), h("p.muted.small", {}, "One dot an attempt (its median inference time), the line their median; one scale for each model, logarithmic."), models.map((model) => {
    const rows = measured.filter((cell) => cell.model === model), all = rows.flatMap((cell) => cell.millis);
    const low = Math.log(Math.min(...all) * 0.93), high = Math.log(Math.max(...all) * 1.07), x = (v) => 8 + 464 * (Math.log(v) - low) / (high - low);
    return [h("h3", {}, model), rows.map((cell) => h("div.strip", {}, h("span", {}, column(cell).replace("\n", " · ")),
      h("svg.plot", { viewBox: "0 0 480 22", role: "img", "aria-label": `${cell.millis.length} measurements, median ${millis(cell.medianMillis)}` }, h("line.grid", { x1: 0, x2: 480, y1: 11, y2: 11 }), cell.millis.map((v) => h("circle.dot", { cx: x(v).toFixed(1), cy: 11, r: 4 })), h("line.med", { x1: x(cell.medianMillis).toFixed(1), x2: x(cell.medianMillis).toFixed(1), y1: 2, y2: 20 })),
      h("span.num", {}, millis(cell.medianMillis))))];
  }));
}

function tasks(job, page, path, refresh) {
  const states = ["waiting", "bound", "running", "done", "dropped"];
  const where = (task) => task.worker ?? (task.reason ? `${task.reason.code}: ${task.reason.message}` : "");
  const told = page.items.some(where);
  const go = (from, before) => { shown.before = before; shown.from = from; refresh(); };
  return h("section", {}, h("h2", {}, "Tasks"),
    h("div.pager", {}, h("label", {}, "state ", h("select", { onchange: (event) => { shown.filter = event.target.value; event.target.blur(); go("0", []); } }, h("option", { value: "" }, "all"), states.map((state) => h("option", { value: state, selected: state === shown.filter }, state))))),
    page.items.length === 0 ? h("p.empty", {}, shown.filter ? `No task is ${shown.filter} now.` : "None.") : table("By index, 50 at a time", [{ text: "task", num: true }, "model", { text: "browser", wide: true }, { text: "backend", wide: true }, "state", ...(told ? ["where it is, or why it waits"] : [])],
      page.items.map((task) => h("tr", {}, h("td.num", {}, h("a", { href: `#/jobs/${part(job.namespace)}/${part(job.uid)}/tasks/${task.index}` }, String(task.index))), h("td", {}, task.model), h("td.wide", {}, task.browser ?? "any"), h("td.wide", {}, task.backend ?? "any"), h("td", {}, tag(task.outcome ?? task.state), task.attempts > 1 ? h("span.muted.small", {}, ` attempt ${task.attempts}`) : null), told ? h("td", {}, where(task)) : null))),
    h("div.pager", {}, h("button", { type: "button", disabled: shown.from === "0", onclick: () => { const before = [...shown.before]; go(before.pop() ?? "0", before); } }, "Earlier"), h("button", { type: "button", disabled: page.next === null, onclick: () => go(page.next, [...shown.before, shown.from]) }, "Later")));
}
