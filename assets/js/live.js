// What others change appears by itself. The server names records (kith.config.streams), the page fetches their parts and lays them
// where they stand. What is being edited stays as it is and says that it was changed; new records say how many they are.
import { $, $$, ajax, say, spoken, view } from "./core.js";
import { going } from "./order.js";
import { inHand, lay, light, part } from "./parts.js";

const root = document.documentElement;
const HIDDEN_FOR = 5000, FOR_ROWS = 50;
let source = null, asked = "", position = "", pause, wait = 60_000;

// ── listening ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What this page shows, as the address of its stream says it. */
function shown() {
  const told = new URLSearchParams();
  for (const box of $$("#results[data-object]")) told.append("o", box.dataset.object);
  for (const box of $$("[data-live]")) for (const key of box.dataset.live.split(" ")) if (key) told.append("o", key);
  for (const box of $$("[data-record]")) told.append("r", `${box.dataset.object}:${box.dataset.record}`);
  if ($("#inbox")) told.append("inbox", "1");
  return told.toString();
}
function stop() { source?.close(); source = null; asked = ""; }
function listen() {
  const now = shown();
  // Data saver, pages that were kept for being offline, and pages that nobody looks at listen to nothing.
  if (!now || document.hidden || root.dataset.saver || root.dataset.kept || !navigator.onLine) { stop(); return; }
  if (source && now === asked && source.readyState !== EventSource.CLOSED) return;
  stop();
  asked = now;
  source = new EventSource(`/live/?${now}&${position ? `after=${position}` : `made=${root.dataset.made}`}`);
  const hear = (name, does) => source.addEventListener(name, (event) => { if (event.lastEventId) position = event.lastEventId; wait = 60_000; does(event); });
  hear("changed", (event) => { for (const [object, news] of Object.entries(JSON.parse(event.data))) took(object, news); root.dataset.listening = "1"; });
  hear("told", () => import("./told.js").then((on) => on.told()));
  hear("stale", everything);
  // The session is over, or too many pages of hers are open: it is asked again when somebody comes back to this one.
  for (const name of ["over", "enough"]) hear(name, stop);
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    stop();
    setTimeout(listen, wait); wait = Math.min(wait * 3, 900_000);
  });
}
document.addEventListener("visibilitychange", () => { clearTimeout(pause); pause = setTimeout(listen, document.hidden ? HIDDEN_FOR : 0); });
addEventListener("focus", listen); document.addEventListener("kith:online", listen); addEventListener("offline", stop); addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
document.addEventListener("htmx:after:swap", listen);

// ── what arrives ─────────────────────────────────────────────────────────────────────────────────────────────────────

const own = new Set();
document.addEventListener("kith:changed", ({ detail }) => { if (detail.by === "new") detail.ids.forEach((id) => own.add(`${detail.object}:${id}`)); });

// A list that is on its way may have been read before this happened: it is told the same again when it is there.
let missed = [];
document.addEventListener("htmx:finally:request", () => { if (going()) return; const all = missed; missed = []; all.forEach((one) => took(...one)); });
function took(object, news) {
  if (going()) missed.push([object, news]);
  // Boards, calendars and whatever else shows records in its own way hear of it, too.
  document.dispatchEvent(new CustomEvent("kith:live", { detail: { object, ...news } }));
  for (const region of $$("[data-refresh]")) if (region.dataset.refresh.split(" ").includes(object) && !inHand(region)) ajax("GET", region.dataset.url, { source: region, target: region, swap: "innerHTML" });
  const box = $("[data-grid]");
  if (box?.dataset.object === object) {
    rows(news.more ? every() : news.ids);
    arrived(object, news.new.filter((id) => !own.has(`${object}:${id}`) && !document.getElementById(`r${id}`)));
  }
  for (const one of $$("[data-record]")) if (one.dataset.object === object && news.ids.includes(Number(one.dataset.record))) record(one);
}
function everything() {
  document.dispatchEvent(new CustomEvent("kith:live", { detail: { object: $("#results")?.dataset.object, ids: [], gone: [], new: [], more: true } }));
  rows(every());
  for (const one of $$("[data-record]")) record(one);
}
const every = () => $$("tr[data-id]", $("[data-grid]") ?? document.createElement("i")).map((row) => Number(row.dataset.id));

// What stood in a cell or fact before its editor came, to see whether somebody else changed just that.
const stood = new WeakMap();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => { const box = ctx.sourceElement; if (box?.matches?.("td.ed,[data-fact].now") && !$("form", box)) stood.set(box, box.innerHTML); });
function hint(box) {
  const form = $("form", box);
  if (!form || $(".late", form)) return;
  const line = document.createElement("p");
  line.className = "late"; line.textContent = spoken("late");
  form.append(line);
  say(spoken("late"));
}

// Rows: each cell by itself, so that focus, selection and editors stay what they are.
const waiting = new Set(), late = new Set();
let fetching = false;
/** Bring some rows up to date. */
export async function rows(ids) {
  ids.filter((id) => document.getElementById(`r${id}`)).forEach((id) => waiting.add(id));
  if (fetching) return;
  fetching = true;
  while (waiting.size && $("[data-grid]")) {
    const some = [...waiting].slice(0, FOR_ROWS), here = new URL($("[data-grid]").dataset.here, location.href);
    some.forEach((id) => waiting.delete(id));
    here.searchParams.set("rows", some.join(","));
    const told = await part(here.href);
    for (const template of told ? $$("template[hx-target]", told) : []) {
      const row = document.getElementById(template.getAttribute("hx-target").slice(1));
      if (row) freshen(row, template.content.firstElementChild);
    }
  }
  fetching = false;
}
// Whoever takes what a colleague wrote, and edits on at once, loses nothing of it.
document.addEventListener("kith:stale", ({ detail }) => rows(detail));
function freshen(row, next) {
  if (!next) { if (inHand(row)) hint($("td.ed", row) ?? row); else leave(row); return; }
  row.dataset.v = next.dataset.v;
  if (next.children.length !== row.children.length) { if (!inHand(row)) row.replaceWith(document.importNode(next, true)); return; }
  [...row.children].forEach((cell, i) => {
    const to = next.children[i];
    if (cell.classList.contains("ed")) { late.add(Number(row.dataset.id)); if (stood.get(cell) !== to.innerHTML) hint(cell); } else if (lay(cell, to)) light(cell);
  });
}
function leave(row) {
  const beside = row.nextElementSibling ?? row.previousElementSibling, focused = row.contains(document.activeElement);
  row.remove();
  if (focused && beside) { const cell = $("td", beside); cell.tabIndex = 0; cell.focus(); }
}
// A row whose editor was left is brought up to date afterwards.
const after = () => setTimeout(() => { const free = [...late].filter((id) => !$("td.ed", document.getElementById(`r${id}`) ?? undefined)); free.forEach((id) => late.delete(id)); if (free.length) rows(free); }, 0);
for (const name of ["focusin", "htmx:after:swap"]) document.addEventListener(name, () => { if (late.size) after(); });

// New records wait to be asked in: a list never jumps. Only those count that belong into the list as it is filtered.
const news = new Set();
let turn = 0;
async function arrived(object, ids) {
  if (!ids.length) return;
  ids.forEach((id) => news.add(id));
  const mine = ++turn, here = new URL($("[data-grid]").dataset.here, location.href);
  here.pathname += "fresh/";
  here.searchParams.set("new", [...news].slice(-200).join(","));
  const words = (await part(here.href))?.body.textContent.trim();
  if (!words || mine !== turn) return;
  let button = $(".fresh");
  if (!button) {
    button = document.createElement("button");
    button.type = "button"; button.className = "b s p fresh";
    button.addEventListener("click", () => { gather(); view($("[data-grid]").dataset.here); $("#results")?.focus({ preventScroll: true }); });
    $("[data-grid]").before(button);
  }
  button.textContent = words;
  say(words);
}
function gather() { news.clear(); turn++; $(".fresh")?.remove(); }
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => { if (ctx?.target?.id === "results") gather(); });

// One record: each fact by itself, the timeline with what is new in it, what belongs to it.
const busy = new WeakMap();
async function record(box) {
  if (busy.get(box)) { busy.set(box, 2); return; }
  busy.set(box, 1);
  const { url } = box.dataset, tl = $("#tl", box), rel = $("#rel", box);
  const story = tl && (tl.dataset.url ?? `${url}story/?show=${$("[data-story][aria-pressed=true]", box)?.dataset.story ?? "all"}`);
  const [facts, told, related] = await Promise.all([part(`${url}facts/`), story && part(story), rel && part(`${url}related/`)]);
  if (facts) known(box, facts);
  if (told && tl && !inHand(tl)) happened(tl, told);
  if (related && !inHand(rel)) lay(rel, related.body);
  const again = busy.get(box) === 2;
  busy.delete(box);
  if (again) record(box);
}
function known(box, told) {
  const who = $(".who", box), title = $("[data-title]"), name = $(".who h1,.who h2", told);
  if (who && $(".who", told) && !inHand(who)) lay(who, $(".who", told));
  if (title && name && !box.closest("#peek")) title.replaceChildren(...[...name.childNodes].map((node) => document.importNode(node, true)));
  for (const next of $$("[data-fact]", told)) {
    const row = $(`[data-fact="${CSS.escape(next.dataset.fact)}"]`, box);
    if (!row) continue;
    if (row.classList.contains("now")) { if (stood.get(row) !== next.innerHTML) hint(row); continue; }
    row.classList.toggle("minor", next.classList.contains("minor"));
    if (lay(row, next)) light(row);
  }
}
function happened(tl, told) {
  if ($("[data-begun]", tl)) return; // somebody came for an old entry: it stays before her
  const fresh = $$("article[id]", told.body).filter((one) => !document.getElementById(one.id));
  if (!fresh.length) return;
  const scrolled = $$("article[id]", tl).length > $$("article[id]", told.body).length;
  // Whoever has read further down keeps that: only what is new comes in, at the top.
  if (scrolled) $("section", tl)?.querySelector("article")?.before(...fresh.map((one) => document.importNode(one, true)));
  else lay(tl, told.body);
  for (const one of fresh) { const there = document.getElementById(one.id); if (there) light(there); }
}

listen();
