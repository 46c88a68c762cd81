// Columns: which are shown, in what width. Kept in a cookie of this list, so that the server draws them right at once.
import { $, $$, rtl, view } from "./core.js";

const NARROWEST = 72;
const heads = () => $$("thead th[data-c]", $("[data-grid]"));
const list = () => $("[data-grid]").dataset.base;
const widths = () => Object.fromEntries(heads().map((head) => [head.dataset.c, Math.round(head.offsetWidth)]));

function keep(names) {
  const wide = widths();
  const value = names.map((name) => (wide[name] ? `${name}:${wide[name]}` : name)).join("|");
  document.cookie = `list=${value};path=${list()};max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
}
const bare = () => { const url = new URL($("[data-grid]").dataset.here, location.href); url.searchParams.delete("columns"); return url.href; };

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-columns] input[name=column]")) return;
  const shown = heads().map((head) => head.dataset.c), name = event.target.value;
  keep(event.target.checked ? [...shown, name] : shown.filter((other) => other !== name));
  view(bare());
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-columns-reset]")) return;
  document.cookie = `list=;path=${list()};max-age=0`;
  location.href = bare();
});

/** Give a column another width; the table is as wide as its columns, else Firefox shares the rest out among them. */
function widen(head, wide) {
  const table = head.closest("table"), was = head.offsetWidth, whole = table.offsetWidth;
  const to = Math.max(NARROWEST, wide);
  $$("col", table)[[...head.parentNode.children].indexOf(head)].style.setProperty("--w", `${to}px`);
  table.style.setProperty("--w", `${whole + to - was}px`);
}

// Dragging is not for everybody: Alt and an arrow on a header do the same.
document.addEventListener("keydown", (event) => {
  const head = event.target.closest?.("thead th[data-c]");
  if (!head || !event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  widen(head, head.offsetWidth + ((event.key === "ArrowRight") !== rtl() ? 16 : -16));
  keep(heads().map((other) => other.dataset.c));
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-rz]");
  if (!handle) return;
  event.preventDefault();
  const head = handle.parentNode, from = event.clientX, was = head.offsetWidth, side = rtl() ? -1 : 1;
  handle.classList.add("on"); handle.setPointerCapture(event.pointerId);
  handle.onpointermove = (move) => widen(head, was + side * (move.clientX - from));
  handle.onpointerup = handle.onpointercancel = () => {
    handle.classList.remove("on"); handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    keep(heads().map((other) => other.dataset.c));
  };
});
