// The calendar: what stands on a day moves to another one by mouse, by a long press, or by Alt and an arrow; days are walked with arrows.
import "./base.js";
import { $, $$, ajax, covered, rtl, typing, view } from "./core.js";
import { lay, part } from "./parts.js";
import "./filters.js";
import "./views.js";

const box = () => $("[data-calendar]");
const dayOf = (node) => node?.closest("[data-day]");
const cells = () => $$(".cd", box());
let back = null, backDay = null, at = 0; // which entry or day had the focus when the days were drawn anew, and how far they were scrolled
const scroller = () => $(".mgrid,.agd:not(.unsaid)", box());

let down = false, due = false, turn = 0; // what lies under a finger stays until it is lifted
/** Draw the days anew as they are by now. Whoever went on to other days meanwhile is not brought back, and her own going is never waited for. */
async function again() {
  if (down) { due = true; return; }
  due = false;
  const mine = ++turn, { here } = box().dataset, page = await part(new URL(here, location.href).href), next = page && $("#results", page);
  if (mine !== turn || !next || box()?.dataset.here !== here || sending.size) return;
  if (down) { due = true; return; }
  keep();
  lay(box(), next);
  const count = $('template[hx-target="#cnt"]', page), shown = $("#cnt");
  if (count && shown) lay(shown, count.content);
  bring();
}
const shift = (iso, days) => { const day = new Date(`${iso}T00:00Z`); day.setUTCDate(day.getUTCDate() + days); return day.toISOString().slice(0, 10); };

/** Move an entry to a day; it stands there at once, and goes back when the server says no. Moves of one entry go one after another. */
const sending = new Map();
const entryOf = (id) => $$(".en", box()).find((one) => one.dataset.id === id && one.offsetParent);
function send(entry, to) {
  const from = dayOf(entry), { id } = entry.dataset;
  if (!to || from?.dataset.day === to || entry.dataset.fixed !== undefined) return;
  const home = { list: entry.parentNode, next: entry.nextElementSibling }, there = $$("[data-day]", box()).find((cell) => cell.dataset.day === to && cell.offsetParent);
  const focused = entry.contains(document.activeElement);
  if (there) $(".es", there)?.append(entry);
  entry.classList.add("saving"); back = id;
  if (focused) $("a", entry).focus({ preventScroll: true });
  const run = (sending.get(id) ?? Promise.resolve()).then(() => tell(entryOf(id) ?? entry, to, home));
  sending.set(id, run);
  run.finally(() => { if (sending.get(id) !== run) return; sending.delete(id); again(); });
}
async function tell(entry, to, home) {
  const path = `${box().dataset.base}${entry.dataset.id}/day/`;
  let status = 0;
  entry.again = () => { const now = entryOf(entry.dataset.id); if (now) send(now, to); };
  try { status = await ajax("POST", `${path}?${box().dataset.moves}`, { source: entry, target: "#results", swap: "none", values: { to, version: entry.dataset.v } }); } catch { /* said by what listens to errors */ }
  // Only what the server took has moved: an answer without a word is none.
  if (status === 200) return;
  const focused = entry.contains(document.activeElement);
  entry.classList.remove("saving"); back = null;
  home.list.insertBefore(entry, home.next?.isConnected ? home.next : null);
  if (focused) $("a", entry).focus({ preventScroll: true });
}
document.addEventListener("kith:changed", (event) => {
  const { object, by, ids, version } = event.detail;
  if (!box() || object !== box().dataset.object || by === "run") return;
  if (by === "day") $("dialog.dlg[open]")?.close();
  // The next move of it is told with the version that it has by now; the days are drawn anew when no move is under way.
  if (version) for (const entry of $$(".en", box())) if (ids.includes(Number(entry.dataset.id))) entry.dataset.v = version;
  if (!sending.size) again();
});
document.addEventListener("kith:live", (event) => {
  if (box() && event.detail.object === box().dataset.object && !sending.size) again();
});
// Who had the focus is asked at the last moment: she may have gone on while the answer was on its way.
function keep() {
  const active = document.activeElement, now = active?.closest?.("[data-calendar] .en, [data-calendar] .cd");
  if (!box()) return;
  if (active && active !== document.body) { back = now?.matches(".en") ? now.dataset.id : null; backDay = now?.matches(".cd") ? now.dataset.day : null; }
  at = scroller()?.scrollTop ?? 0;
}
function bring() {
  if (!box()) return;
  if (at && scroller()) scroller().scrollTop = at;
  at = 0;
  const lost = [document.body, null].includes(document.activeElement), cell = backDay && lost && cells().find((one) => one.dataset.day === backDay);
  backDay = null;
  if (cell) go(cell);
  if (!back) return;
  const entry = entryOf(back);
  if (entry && !entry.classList.contains("saving") && [document.body, null].includes(document.activeElement)) { back = null; $("a", entry).focus({ preventScroll: true }); }
}
document.addEventListener("htmx:before:swap", keep);
document.addEventListener("htmx:after:swap", bring);

// Dragging: after 5 px with a mouse, after 240 ms with a finger; a finger that moves before scrolls.
let dropped = false;
document.addEventListener("pointerdown", (event) => {
  const entry = event.target.closest?.("[data-calendar] .en");
  if (!entry || event.button || entry.dataset.fixed !== undefined || event.target.closest(".mb,button")) return;
  const touch = event.pointerType !== "mouse", x0 = event.clientX, y0 = event.clientY, ending = new AbortController(), with_ = { signal: ending.signal };
  let float = null, timer = 0, over = null;
  down = true;
  const start = () => {
    const at = entry.getBoundingClientRect();
    float = entry.cloneNode(true); float.classList.add("lift"); float.setAttribute("aria-hidden", "true");
    // Screen coordinates have no logical names.
    float.style.left = float.style.top = "0"; float.style.inlineSize = `${at.width}px`;
    document.body.append(float); document.body.classList.add("dragging"); entry.classList.add("away");
    if (touch) navigator.vibrate?.(8);
  };
  const end = (pressed = false) => {
    clearTimeout(timer); ending.abort();
    down = false;
    if (due) setTimeout(again, 60);
    if (!float) return;
    float.remove(); entry.classList.remove("away"); document.body.classList.remove("dragging"); over?.classList.remove("over");
    dropped = true;
    const settled = () => setTimeout(() => (dropped = false), 60);
    // Escape lets go while the button is down: letting that go later is no click either.
    if (pressed) for (const name of ["pointerup", "pointercancel"]) addEventListener(name, settled, { once: true }); else settled();
  };
  if (touch) timer = setTimeout(start, 240);
  addEventListener("pointermove", (move) => {
    const far = Math.hypot(move.clientX - x0, move.clientY - y0);
    if (!float) { if (touch) { if (far > 8) end(); return; } if (far < 5) return; start(); }
    float.style.translate = `${move.clientX - 20}px ${move.clientY - 12}px`;
    const under = document.elementFromPoint(move.clientX, move.clientY)?.closest("[data-calendar] [data-day]");
    if (under !== over) { over?.classList.remove("over"); over = under ?? null; over?.classList.add("over"); }
  }, with_);
  addEventListener("pointerup", () => { const lifted = Boolean(float), to = over?.dataset.day; end(); if (lifted && to) send(entry, to); }, with_);
  addEventListener("pointercancel", () => end(), with_);
  addEventListener("touchmove", (move) => { if (float) move.preventDefault(); }, { ...with_, passive: false });
  addEventListener("keydown", (key) => { if (float && key.key === "Escape") { key.preventDefault(); key.stopPropagation(); end(true); } }, { ...with_, capture: true });
  addEventListener("contextmenu", (menu) => { if (touch) menu.preventDefault(); }, with_);
});
document.addEventListener("click", (event) => { if (dropped && event.target.closest?.("[data-calendar] .en")) { event.preventDefault(); event.stopPropagation(); } }, true);
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-calendar]")) event.preventDefault(); });

// Keys: the days are one Tab stop and are walked as a grid (ARIA APG); Alt moves what has the focus. All of it follows the reading direction.
document.addEventListener("keydown", (event) => {
  if (!box() || covered() || event.ctrlKey || event.metaKey || typing(event)) return;
  const entry = event.target.closest?.("[data-calendar] .en"), cell = event.target.closest?.(".cd");
  const forward = rtl() ? -1 : 1, week = $(".cd", box()) ? 7 : 1;
  const days = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: week, ArrowUp: -week }[event.key];
  if (entry && event.altKey && days) { event.preventDefault(); event.stopPropagation(); send(entry, shift(dayOf(entry).dataset.day, days)); return; }
  if (event.altKey || !cell) return;
  const all = cells(), at = all.indexOf(cell), onCell = event.target === cell;
  const steps = { ...(onCell ? { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 7, ArrowUp: -7 } : {}), Home: -(at % 7), End: 6 - (at % 7) };
  if (event.key in steps) {
    event.preventDefault(); event.stopPropagation();
    const to = all[at + steps[event.key]];
    if (to) go(to); else $(steps[event.key] < 0 ? "[data-back]" : "[data-on]", box())?.click();
  } else if (onCell && event.key === "Enter") { event.preventDefault(); ($(".en a", cell) ?? $(".dn a", cell))?.click(); }
  else if (event.key === "PageDown" || event.key === "PageUp") { event.preventDefault(); $(event.key === "PageUp" ? "[data-back]" : "[data-on]", box())?.click(); }
  else if (event.key.toLowerCase() === "n" && cell.dataset.create) { event.preventDefault(); event.stopPropagation(); $(".pl", cell)?.click(); }
}, true);
function go(cell) { for (const other of cells()) other.tabIndex = -1; cell.tabIndex = 0; cell.focus(); }

// A day that was typed or picked.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-go-to]");
  if (!form) return;
  event.preventDefault();
  pick(form);
});
document.addEventListener("click", (event) => { const day = event.target.closest("form[data-go-to] [data-day]"); if (day) visit(day.dataset.day); });
async function pick(form) {
  const answer = await fetch(`/calendar/?${new URLSearchParams({ text: form.elements.to.value })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html"), day = page.querySelector("[aria-selected=true] [data-day]");
  if (day) visit(day.dataset.day);
}
function visit(day) { const url = new URL(box().dataset.here, location.href); url.searchParams.set("at", day); view(url.href); }
