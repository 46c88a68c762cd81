// Columns: which are shown, in what width. Kept in a cookie of this list, so that the server draws them right at once.
import { $, $$, rtl, view } from "./core.js";

const NARROWEST = 72;
const heads = () => $$("thead th[data-c]", $("[data-grid]"));
const list = () => $("[data-grid]").dataset.list;
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

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-rz]");
  if (!handle) return;
  event.preventDefault();
  const head = handle.parentNode, table = head.closest("table"), column = $$("col", table)[[...head.parentNode.children].indexOf(head)];
  const from = event.clientX, was = head.offsetWidth, whole = table.offsetWidth, side = rtl() ? -1 : 1;
  handle.classList.add("on"); handle.setPointerCapture(event.pointerId);
  handle.onpointermove = (move) => {
    const wide = Math.max(NARROWEST, was + side * (move.clientX - from));
    column.style.setProperty("--w", `${wide}px`);
    // The table is as wide as its columns: else Firefox shares the rest out among them.
    table.style.setProperty("--w", `${whole + wide - was}px`);
  };
  handle.onpointerup = handle.onpointercancel = () => {
    handle.classList.remove("on"); handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    keep(heads().map((other) => other.dataset.c));
  };
});
