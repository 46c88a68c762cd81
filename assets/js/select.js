// Which rows are selected: single ones, ranges, all on the page, everything in the view.
import { $, $$ } from "./core.js";

const grid = () => $("[data-grid]");
const boxes = () => $$("input[name=ids]", grid());
let last = null;
/** Whether everything in the view is meant, also what is not on the page. */
export let everything = false;

export const chosen = () => boxes().filter((box) => box.checked).map((box) => box.value);

let came = false;
export function sync() {
  // Rows that came since belong to "everything", too.
  if (everything && came) boxes().forEach((box) => (box.checked = true));
  came = false;
  const all = boxes(), n = all.filter((box) => box.checked).length, head = $("[data-all]", grid());
  for (const box of all) { const row = box.closest("tr"), value = String(box.checked); if (row.getAttribute("aria-selected") !== value) row.setAttribute("aria-selected", value); }
  if (head) { head.checked = n > 0 && n === all.length; head.indeterminate = n > 0 && n < all.length; }
  const bar = $("#bulk");
  if (!bar) return;
  if (n < all.length) everything = false;
  $("#bulk-n").textContent = everything ? grid().dataset.count : n.toLocaleString(document.documentElement.lang);
  const more = $("[data-everything]", bar);
  if (more) more.hidden = everything || n < all.length || !$("#more");
  if (bar.hidden !== !n) { bar.hidden = !n; grid().classList.toggle("picking", n > 0); }
}

export function pick(box, range) {
  if (range && last?.isConnected) {
    const all = boxes(), [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((other) => (other.checked = box.checked));
  }
  last = box; sync();
}

export function clear() { everything = false; boxes().forEach((box) => (box.checked = false)); sync(); }

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches("input[name=ids]")) pick(target, event.shiftKey);
  if (target.matches("[data-all]")) { boxes().forEach((box) => (box.checked = target.checked)); sync(); }
  if (target.closest("[data-unselect]")) clear();
  if (target.closest("[data-everything]")) { everything = true; sync(); }
});
document.addEventListener("htmx:after:swap", () => { if (grid()) { came = true; sync(); } });
/** Select again what was selected before somebody went away. */
export function again(ids, all) {
  boxes().forEach((box) => (box.checked = all || ids.includes(box.value)));
  everything = all; sync();
}
