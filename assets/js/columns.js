// Columns: which are shown, in what order and width. Of all records a cookie keeps it; of a saved view its address says what differs.
import { $, $$, rtl, view } from "./core.js";
import { become, here } from "./views.js";

const NARROWEST = 72, WIDEST = 800, STEP = 16, STARTS = 5, EDGE = 40;
export const grid = () => $("[data-grid]");
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
export function kept() {
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

export const placeOf = (head) => [...head.parentNode.children].indexOf(head);
/** Give a column another width; the table is as wide as its columns, else Firefox shares the rest out among them. */
export function widen(head, wide) {
  const table = head.closest("table"), cols = $$("col", table);
  const to = Math.max(NARROWEST, Math.min(WIDEST, Math.round(wide)));
  // What the table is stretched by belongs to no column: each is first held where it stands.
  heads().map((other) => other.offsetWidth).forEach((was, i) => cols[i].style.setProperty("--w", `${was}px`));
  cols[placeOf(head)].style.setProperty("--w", `${to}px`);
  table.style.setProperty("--w", `${cols.reduce((sum, col) => sum + parseFloat(col.style.getPropertyValue("--w")), 0)}px`);
  table.classList.add("held");
}
/** Put a column before the one that stands at `to` now; the title stays first. */
export function move(head, to) {
  const from = placeOf(head), last = head.parentNode.children.length;
  to = Math.max(1, Math.min(last, to));
  if (from < 1 || to === from || to === from + 1) return;
  for (const row of [...$$("colgroup,tr", head.closest("table"))]) {
    if (row.children.length !== last) continue;
    row.insertBefore(row.children[from], row.children[to] ?? null);
  }
  kept();
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

// What is chosen from a menu is fetched with the first of them.
const heading = () => import("./heads.js").then((more) => (more.use({ grid, kept, move, placeOf, widen, become, here }), more));
const menu = (head) => heading().then((more) => more.menu(head));
document.addEventListener("click", (event) => {
  const head = event.target.closest("[data-hm]")?.closest("th"), foot = event.target.closest("[data-agg]");
  if (head) menu(head);
  if (foot) heading().then((more) => more.sums(foot));
});
document.addEventListener("contextmenu", (event) => { const head = event.target.closest?.("thead th[data-c]"); if (head && $("#c-menu")) { event.preventDefault(); menu(head); } });
document.addEventListener("dblclick", (event) => { const handle = event.target.closest("[data-rz]"); if (handle) heading().then((more) => more.fit(handle.parentNode)); });

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
