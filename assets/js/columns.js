// Columns: which are shown, in what order and width. Of all records a cookie keeps it; of a saved view its address says what differs.
import { $, $$, ajax, rtl, view } from "./core.js";
import { openAt } from "./menus.js";
import { become, here } from "./views.js";

const NARROWEST = 72, WIDEST = 800, STEP = 16, STARTS = 5, EDGE = 40;
const grid = () => $("[data-grid]");
const heads = () => $$("thead th[data-c]", grid());
const named = () => heads().map((head) => head.dataset.c);
const widths = () => Object.fromEntries(heads().map((head) => [head.dataset.c, Math.round(head.offsetWidth)]));

/** Remember the columns as they stand, or under these names; returns the address of the view that shows them. */
function keep(names = named()) {
  const box = grid(), wide = widths(), url = here();
  if (box.dataset.view) {
    url.searchParams.set("columns", names.slice(1).join(","));
    url.searchParams.set("widths", names.filter((name) => wide[name]).map((name) => `${name}:${wide[name]}`).join(","));
    box.dataset.columns = names.slice(1).join(",");
  } else {
    const value = names.map((name) => (wide[name] ? `${name}:${wide[name]}` : name)).join("|");
    document.cookie = `list=${value};path=${box.dataset.base};max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
    url.searchParams.delete("columns"); url.searchParams.delete("widths");
    box.dataset.columns = "";
  }
  return url;
}
/** The same, where the page shows it already: the address follows, and so do the rows that come later. */
function kept() {
  const url = keep();
  for (const link of $$("#more a")) {
    const next = new URL(link.href);
    for (const name of ["columns", "widths"]) if (url.searchParams.has(name)) next.searchParams.set(name, url.searchParams.get(name)); else next.searchParams.delete(name);
    link.href = next.href;
    if (link.hasAttribute("hx-get")) link.setAttribute("hx-get", next.pathname + next.search);
  }
  become(url);
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-columns] input[name=column]")) return;
  const name = event.target.value, shown = named();
  view(keep(event.target.checked ? [...shown, name] : shown.filter((other) => other !== name)).href);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-columns-reset]")) return;
  const url = here();
  document.cookie = `list=;path=${grid().dataset.base};max-age=0`;
  url.searchParams.delete("columns"); url.searchParams.delete("widths");
  location.href = url.href;
});

const placeOf = (head) => [...head.parentNode.children].indexOf(head);
/** Give a column another width; the table is as wide as its columns, else Firefox shares the rest out among them. */
function widen(head, wide) {
  const table = head.closest("table"), cols = $$("col", table);
  const to = Math.max(NARROWEST, Math.min(WIDEST, Math.round(wide)));
  // What the table is stretched by belongs to no column: each is first held where it stands.
  heads().map((other) => other.offsetWidth).forEach((was, i) => cols[i].style.setProperty("--w", `${was}px`));
  cols[placeOf(head)].style.setProperty("--w", `${to}px`);
  table.style.setProperty("--w", `${cols.reduce((sum, col) => sum + parseFloat(col.style.getPropertyValue("--w")), 0)}px`);
  table.classList.add("held");
}
/** As wide as the widest thing that stands in it now. */
function fit(head) {
  const at = placeOf(head), range = document.createRange();
  const wide = $$("tr", head.closest("table")).map((row) => row.children[at]).filter((cell) => cell && !cell.colSpan.toString().match(/^[2-9]/)).map((cell) => {
    const inner = $(".n,.hd", cell) ?? cell, extra = cell.matches("td.st") ? 70 : cell.matches("th") ? 44 : 26;
    range.selectNodeContents(cell.matches("th") ? ($(".tx", cell) ?? inner) : inner);
    return range.getBoundingClientRect().width + extra;
  });
  widen(head, Math.max(...wide)); kept();
}
/** Put a column before the one that stands at `to` now; the title stays first. */
function move(head, to) {
  const from = placeOf(head), last = head.parentNode.children.length;
  to = Math.max(1, Math.min(last, to));
  if (from < 1 || to === from || to === from + 1) return;
  for (const row of [...$$("colgroup,tr", head.closest("table"))]) {
    if (row.children.length !== last) continue;
    row.insertBefore(row.children[from], row.children[to] ?? null);
  }
  kept();
}
function hide(head) {
  const at = placeOf(head), all = head.parentNode.children.length, table = head.closest("table");
  const box = $(`[data-columns] input[value="${CSS.escape(head.dataset.c)}"]`);
  if (at < 1) return;
  if (box) box.checked = false;
  const next = head.parentNode.children[at + 1] ?? head.parentNode.children[at - 1];
  for (const row of [...$$("colgroup,tr", table)]) if (row.children.length === all) row.children[at].remove();
  table.style.setProperty("--w", `${$$("col", table).reduce((sum, col) => sum + parseFloat(col.style.getPropertyValue("--w")), 0)}px`);
  kept();
  $("a,.hm", next)?.focus();
}

// Dragging is not for everybody: Alt and an arrow on a header make it wider or narrower, with Shift they move it.
document.addEventListener("keydown", (event) => {
  const head = event.target.closest?.("thead th[data-c]");
  if (!head || !event.altKey || !["ArrowLeft", "ArrowRight", "ArrowDown"].includes(event.key)) return;
  event.preventDefault(); event.stopPropagation();
  if (event.key === "ArrowDown") { menu(head); return; }
  const on = (event.key === "ArrowRight") !== rtl(), focused = document.activeElement;
  if (event.shiftKey) move(head, placeOf(head) + (on ? 2 : -1)); else { widen(head, head.offsetWidth + (on ? STEP : -STEP)); kept(); }
  focused.focus();
});

let about = null;
function menu(head) {
  const pop = $("#c-menu");
  if (!pop) return;
  about = head;
  const first = placeOf(head) === 0, link = $("a[data-view]", head);
  for (const item of $$("[data-col]", pop)) item.hidden = (first && ["earlier", "later", "hide"].includes(item.dataset.col)) || (!link && ["up", "down"].includes(item.dataset.col));
  $("[data-about]", pop).textContent = $(".tx", head).textContent;
  openAt(pop, $(".hm", head) ?? head);
}
const DO = {
  up: (head) => sort(head.dataset.c), down: (head) => sort(`-${head.dataset.c}`), fit, hide,
  earlier: (head) => move(head, placeOf(head) - 1), later: (head) => move(head, placeOf(head) + 2),
};
function sort(by) { const url = here(); url.searchParams.set("sort", by); view(url.href); }
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-hm]"), item = event.target.closest("#c-menu [data-col]");
  if (opener) menu(opener.closest("th"));
  if (item && about?.isConnected) { $("#c-menu").hidePopover(); DO[item.dataset.col](about); if (about.isConnected) $("a,.hm", about)?.focus(); }
});
document.addEventListener("contextmenu", (event) => { const head = event.target.closest?.("thead th[data-c]"); if (head && $("#c-menu")) { event.preventDefault(); menu(head); } });
document.addEventListener("dblclick", (event) => { const handle = event.target.closest("[data-rz]"); if (handle) fit(handle.parentNode); });

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-rz]"), head = event.target.closest("thead th[data-c]");
  if (handle) resize(event, handle);
  else if (head && !event.button && event.pointerType !== "touch" && placeOf(head) > 0 && !event.target.closest("button,input")) lift(event, head);
});
function resize(event, handle) {
  event.preventDefault();
  const head = handle.parentNode, from = event.clientX, was = head.offsetWidth, side = rtl() ? -1 : 1;
  let moved = false;
  handle.classList.add("on"); handle.setPointerCapture(event.pointerId);
  handle.onpointermove = (to) => { if (Math.abs(to.clientX - from) > 1 || moved) { moved = true; widen(head, was + side * (to.clientX - from)); } };
  handle.onpointerup = handle.onpointercancel = () => {
    handle.classList.remove("on"); handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    if (moved) kept();
  };
}
/** A header that is drawn aside takes its column along. */
function lift(event, head) {
  const from = event.clientX, box = grid(), row = head.parentNode;
  let slot = null, lifted = false;
  const clear = () => $$(".slot", row).forEach((other) => other.classList.remove("slot", "after"));
  const drag = (to) => {
    if (!lifted && Math.abs(to.clientX - from) < STARTS) return;
    if (!lifted) { lifted = true; head.classList.add("lifted"); document.documentElement.classList.add("dragging"); }
    const frame = box.getBoundingClientRect();
    if (to.clientX > frame.right - EDGE) box.scrollLeft += 14; else if (to.clientX < frame.left + EDGE) box.scrollLeft -= 14;
    const over = heads().find((other) => { const r = other.getBoundingClientRect(); return to.clientX >= r.left && to.clientX < r.right && placeOf(other) > 0; });
    clear();
    if (!over) return;
    const r = over.getBoundingClientRect(), after = (to.clientX > r.left + r.width / 2) !== rtl();
    slot = placeOf(over) + (after ? 1 : 0);
    over.classList.add("slot"); over.classList.toggle("after", after);
  };
  const end = (how) => {
    removeEventListener("pointermove", drag); removeEventListener("pointerup", drop); removeEventListener("pointercancel", end); removeEventListener("keydown", stop, true);
    clear(); head.classList.remove("lifted"); document.documentElement.classList.remove("dragging");
    if (!lifted) return;
    // The press began on a link that sorts; a drag is no click.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, true));
    if (how === true && slot !== null) move(head, slot);
  };
  const drop = () => end(true);
  const stop = (key) => { if (key.key === "Escape") { key.stopPropagation(); end(); } };
  addEventListener("pointermove", drag); addEventListener("pointerup", drop); addEventListener("pointercancel", end); addEventListener("keydown", stop, true);
}
// A link would be dragged by the browser itself.
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("thead th[data-c]")) event.preventDefault(); });

// What a column comes to: chosen in the footer, told by the server.
let foot = null;
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-agg]"), item = event.target.closest("#a-menu [data-how]");
  if (opener) {
    foot = opener.dataset.agg;
    const can = opener.dataset.can.split(" ");
    for (const one of $$("#a-menu [data-how]")) { one.hidden = one.dataset.how ? !can.includes(one.dataset.how) : !opener.dataset.how; one.toggleAttribute("aria-current", one.dataset.how === opener.dataset.how); }
    openAt($("#a-menu"), opener);
  }
  if (!item || !foot) return;
  const url = here(), hows = $$("[data-agg]", grid()).map((one) => [one.dataset.agg, one.dataset.agg === foot ? item.dataset.how : one.dataset.how]).filter(([, how]) => how);
  $("#a-menu").hidePopover();
  url.searchParams.set("aggregates", hows.map((pair) => pair.join(":")).join(","));
  const name = foot;
  ajax("GET", `${url.pathname}sums/${url.search}`, { source: "#sums", target: "#sums", swap: "outerHTML" }).then(() => $(`[data-agg="${CSS.escape(name)}"]`, grid())?.focus());
  become(url);
});
