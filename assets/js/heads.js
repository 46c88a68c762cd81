// The menus over a column and under it: what it is sorted by, where it stands, what it comes to.
import "./base.js";
import { $, $$, ajax, view } from "./core.js";
import { openAt } from "./menus.js";

// What the list's own file has is handed over: imported, it would become a file of its own.
let grid, kept, move, placeOf, widen, become, here;
export function use(list) { ({ grid, kept, move, placeOf, widen, become, here } = list); }

/** As wide as the widest thing that stands in it now. */
export function fit(head) {
  const at = placeOf(head), range = document.createRange();
  const wide = $$("tr", head.closest("table")).map((row) => row.children[at]).filter((cell) => cell && !cell.colSpan.toString().match(/^[2-9]/)).map((cell) => {
    const inner = $(".n,.hd", cell) ?? cell, extra = cell.matches("td.st") ? 70 : cell.matches("th") ? 44 : 26;
    range.selectNodeContents(cell.matches("th") ? ($(".tx", cell) ?? inner) : inner);
    return range.getBoundingClientRect().width + extra;
  });
  widen(head, Math.max(...wide)); kept();
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

let about = null;
export function menu(head) {
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
  const item = event.target.closest("#c-menu [data-col]");
  if (item && about?.isConnected) { $("#c-menu").hidePopover(); DO[item.dataset.col](about); if (about.isConnected) $("a,.hm", about)?.focus(); }
});

// What a column comes to: chosen in the footer, told by the server.
let foot = null;
export function sums(opener) {
  foot = opener.dataset.agg;
  const can = opener.dataset.can.split(" ");
  for (const one of $$("#a-menu [data-how]")) { one.hidden = one.dataset.how ? !can.includes(one.dataset.how) : !opener.dataset.how; one.toggleAttribute("aria-current", one.dataset.how === opener.dataset.how); }
  openAt($("#a-menu"), opener);
}
document.addEventListener("click", (event) => {
  const item = event.target.closest("#a-menu [data-how]");
  if (!item || !foot) return;
  const url = here(), hows = $$("[data-agg]", grid()).map((one) => [one.dataset.agg, one.dataset.agg === foot ? item.dataset.how : one.dataset.how]).filter(([, how]) => how);
  $("#a-menu").hidePopover();
  url.searchParams.set("aggregates", hows.map((pair) => pair.join(":")).join(","));
  const name = foot;
  ajax("GET", `${url.pathname}sums/${url.search}`, { source: "#sums", target: "#sums", swap: "outerHTML" }).then(() => $(`[data-agg="${CSS.escape(name)}"]`, grid())?.focus());
  become(url);
});
