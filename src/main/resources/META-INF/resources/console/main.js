import { h, morph } from "./dom.js";
import { listen, tick } from "./live.js";
import { overview } from "./overview.js";
import { pools } from "./pools.js";
import { job, jobs } from "./jobs.js";
import { task } from "./task.js";
import { affinities } from "./affinities.js";

const PAGES = [
  [/^\/$/, overview], [/^\/pools$/, pools], [/^\/jobs$/, jobs],
  [/^\/jobs\/([^/]+)\/([^/]+)$/, job], [/^\/jobs\/([^/]+)\/([^/]+)\/tasks\/(\d+)$/, task], [/^\/affinities$/, affinities],
];
const main = document.getElementById("main");
const live = document.getElementById("live");
const AT_MOST_EVERY = 700;
const STATE_CHANGES_WITHOUT_EVENT = 2500;
let current = "", busy = false, again = false, last = 0, timer = null;

async function show(moved) {
  if (busy) { again = true; return; }
  busy = true;
  const path = (location.hash || "#/").slice(1) || "/";
  const [pattern, page] = PAGES.find(([p]) => p.test(path)) ?? [];
  let view;
  try {
    view = page ? await page(...pattern.exec(path).slice(1).map(decodeURIComponent), refresh)
      : { title: "Not found", body: [h("p", {}, "There is no such page.")] };
  } catch (problem) {
    view = { title: problem.status === 404 ? "Not here" : "No answer", body: [h("section.problem", { role: "alert" }, h("p", {}, problem.message), problem.status === 404 ? h("p", {}, h("a", { href: "#/jobs" }, "All jobs")) : null,
      problem.status === 403 ? h("p.muted", {}, "Who may see one namespace only looks at it here: ", h("code", {}, `${location.origin}/?namespace=NAME`)) : null)] };
  }
  busy = false;
  last = performance.now();
  if (path !== ((location.hash || "#/").slice(1) || "/")) return show(true);
  document.title = `${view.title} – Ballast`;
  const root = h("main", {}, view.crumb ? h("p.crumb", {}, view.crumb) : null, h("h1", { tabindex: -1 }, view.title), view.body);
  if (current !== path) main.replaceChildren(...root.childNodes); else morph(main, root);
  const navigated = current !== "" && current !== path;
  current = path;
  if (moved && navigated) { scrollTo(0, 0); main.querySelector("h1").focus(); }
  for (const link of document.querySelectorAll("nav a")) {
    const target = link.getAttribute("href").slice(1);
    if (target === path || (target !== "/" && path.startsWith(target))) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  if (again) { again = false; refresh(); }
}

export function refresh() {
  if (timer || document.hidden) return;
  timer = setTimeout(() => { timer = null; show(false); }, Math.max(0, AT_MOST_EVERY - (performance.now() - last)));
}

addEventListener("hashchange", () => { if (location.hash !== "#main") show(true); });
setInterval(() => { tick(); refresh(); }, STATE_CHANGES_WITHOUT_EVENT);
listen(refresh, (state) => { live.className = state; live.textContent = { on: "live", off: "no connection", connecting: "connecting" }[state]; });
show(true);
