// Elements are made of nodes, never of markup: what a job brings along is text, whatever it looks like.
const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "circle", "line", "rect", "g", "text", "path", "title"]);

/** h("a.tag.good", {href}, child, …): children are nodes, texts, arrays of them, or null. */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "grow") element.style.flexGrow = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

function add(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(parent, child);
    else if (child !== null && child !== undefined && child !== false) parent.append(child instanceof Node ? child : String(child));
  }
}

/** Makes `from` look like `to` and leaves what is equal alone, so that focus, scrolling and selections stay. */
export function morph(from, to) {
  const olds = [...from.childNodes];
  const news = [...to.childNodes];
  news.forEach((node, i) => {
    const old = olds[i];
    if (!old) from.append(node);
    else if (old.nodeType !== node.nodeType || old.nodeName !== node.nodeName) old.replaceWith(node);
    else if (node.nodeType === Node.TEXT_NODE) { if (old.data !== node.data) old.data = node.data; }
    else if (node.nodeName === "BUTTON" || node.nodeName === "SELECT") { if (!old.matches(":focus")) old.replaceWith(node); }
    else {
      for (const { name } of [...old.attributes]) if (!node.hasAttribute(name) && name !== "style") old.removeAttribute(name);
      for (const { name, value } of [...node.attributes]) if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
      if (old.style && node.style && old.style.flexGrow !== node.style.flexGrow) old.style.flexGrow = node.style.flexGrow;
      morph(old, node);
    }
  });
  olds.slice(news.length).forEach((node) => node.remove());
}

export const number = (value) => value.toLocaleString("en-US");
export const millis = (value) => value === null || value === undefined ? "–" : value >= 10000 ? `${(value / 1000).toFixed(1)} s` : value >= 1000 ? `${(value / 1000).toFixed(2)} s` : value >= 100 ? `${Math.round(value)} ms` : value >= 10 ? `${value.toFixed(1)} ms` : value >= 1 ? `${value.toFixed(2)} ms` : `${value.toFixed(3)} ms`;
export const seconds = (value) => Math.abs(value) >= 100 ? `${Math.round(value)} s` : `${value.toFixed(Math.abs(value) < 1 ? 3 : 2)} s`;
export const bytes = (value) => value === null || value === undefined ? "unknown" : value >= 2 ** 30 ? `${(value / 2 ** 30).toFixed(1)} GiB` : `${Math.round(value / 2 ** 20)} MiB`;
export const percent = (value) => value === null || value === undefined ? "unknown" : `${Math.round(value * 100)} %`;
/** Of slots: past ten times all of them, times say more than percents. */
export const demand = (ratio) => ratio >= 10 ? `${number(Math.round(ratio))}×` : percent(ratio);
/** Of another day its date, too. */
export const clock = (iso) => {
  const at = new Date(iso), time = at.toLocaleTimeString("en-GB");
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
};
export const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;
export function since(iso, until) {
  const s = Math.max(0, Math.round(((until ? new Date(until) : new Date()) - new Date(iso)) / 1000));
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : s < 86400 ? `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min` : `${Math.floor(s / 86400)} d`;
}
export const kindOf = (state) => ({ complete: "good", succeeded: "good", trusted: "good", agrees: "good", ready: "good", closed: "good", failed: "bad", rejected: "bad", lost: "bad", open: "bad", flagged: "warn", suspended: "warn", draining: "warn", cancelled: "warn", moved: "warn", crashed: "bad", hung: "bad", disagrees: "bad", running: "run", "half-open": "warn" })[state] ?? (state && state.includes("-") ? "bad" : "");
export const tag = (text, kind = kindOf(text)) => h(kind ? `span.tag.${kind}` : "span.tag", {}, text);

/** A bar of parts that add up: [[class, value, name], …], told to those who cannot see it. */
export function bar(parts, thick = false) {
  const shown = parts.filter(([, value]) => value > 0);
  return h(thick ? "div.bar.thick" : "div.bar", { role: "img", "aria-label": shown.map(([, value, name]) => `${name} ${number(value)}`).join(", ") || "nothing yet" },
    shown.map(([cls, value, name]) => h(`i.${cls}`, { grow: value, title: `${name}: ${number(value)}` })));
}
export const legend = (parts) => h("ul.legend", {}, parts.map(([cls, value, name]) => h("li", {}, h(`i.${cls}`, { "aria-hidden": "true" }), `${name} ${value}`)));
/** What would act: the pages themselves only read. A browser lets a page copy where it was fetched safely. */
export const command = (...lines) => h("section.do", {}, h("h2", {}, "Commands"), h("p.caption", {}, "This page only shows. From a shell, in the folder of Ballast:"),
  lines.map((line) => h("div.line", {}, h("pre", { tabindex: 0 }, line), navigator.clipboard ? h("button", { type: "button", "aria-label": `Copy ${line}`, onclick: copy }, "Copy") : null)));
async function copy({ currentTarget: button }) {
  await navigator.clipboard.writeText(button.previousSibling.textContent);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}
/** A word as it is passed in a shell. */
export const quoted = (text) => /^[\w.\/:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
export const table = (caption, heads, rows, cls = "") => h("div", {}, h("p.caption", {}, caption), h("div.scroll", { tabindex: 0, role: "region", "aria-label": caption }, h(cls ? `table.${cls}` : "table", {},
  h("thead", {}, h("tr", {}, heads.map((head) => h(`th${head.num ? ".num" : ""}${head.wide ? ".wide" : ""}`, { scope: "col" }, head.text ?? head)))), h("tbody", {}, rows))));
