// The table of a list as an ARIA grid: one Tab stop, arrows, editing in a cell, more rows on sight.
import { $, $$, ajax, narrow, renew, rtl, typing, pressed } from "./core.js";
import { rows as freshen } from "./live.js";
import { openAt } from "./menus.js";
import { clear, pick } from "./select.js";
import { peek, unpeek } from "./peek.js";

const grid = () => $("[data-grid]");
// Headers of groups are rows, too; those of folded groups are all that is left of them.
const rows = () => $$("tbody:not(.folded) tr[data-id],tr.gh", grid());
let before = null; // what stood in the cell that is being edited
let ahead = null; // the keys that were pressed while its editor was on its way

export function focusCell(cell) {
  if (!cell) return;
  $$("td[tabindex='0']", grid()).forEach((other) => (other.tabIndex = -1));
  cell.tabIndex = 0; cell.focus();
}

/** Open the editor of a cell; a second call while the first is on its way does nothing. */
function edit(cell) {
  if (cell.classList.contains("ed") || $("td.ed")) return;
  before = [...cell.childNodes].map((node) => node.cloneNode(true));
  cell.classList.add("ed"); ahead = [];
  const { base, columns } = grid().dataset;
  const asked = columns ? `?columns=${encodeURIComponent(columns)}` : "";
  ajax("GET", `${base}${cell.parentNode.dataset.id}/${cell.dataset.f}/edit/${asked}`, { source: cell, target: cell, swap: "innerHTML" });
}

function restore(cell) {
  // The mark goes first: taking away a focused input fires focusout, which would save it.
  cell.classList.remove("ed");
  place = ahead = null;
  if (before) cell.replaceChildren(...before);
  before = null;
  focusCell(cell);
}

// After an answer: an editor gets the focus; a saved row gives it back to the cell it was in.
let place = null;
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement?.closest?.("form.ce");
  if (form) place = { row: form.closest("tr").id, field: form.closest("td").dataset.f };
});
document.addEventListener("htmx:after:swap", () => {
  const cell = $("td.ed");
  if (!cell) {
    if (!place) return;
    // Saved: the focus is back on the cell, or on the next one where Tab said so, which is opened, too.
    const next = goOn?.row === place.row ? goOn : null, to = document.getElementById(place.row)?.querySelector(`td[data-f="${CSS.escape((next ?? place).field)}"]`);
    place = goOn = before = null;
    focusCell(to);
    if (next && to) edit(to);
    return;
  }
  const form = $("form.ce", cell);
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "1";
  const menu = $("[data-auto]", form), conflict = $("[data-conflict]", form);
  if (conflict) { $("button", conflict).focus(); return; }
  if (menu) {
    openAt(menu, cell);
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "closed") setTimeout(() => { if (form.isConnected && !menu.matches(":popover-open") && !form.classList.contains("htmx-request")) restore(cell); }, 30);
    });
    return;
  }
  const input = $("input:not([type=hidden]),textarea,select", form);
  if (!input) return;
  input.focus();
  if (!input.hasAttribute("aria-invalid")) input.select?.();
  const keys = ahead ?? [], typed = keys.filter((key) => key.length === 1).join("");
  ahead = null;
  if (keys.at(-1) === "Escape") { restore(cell); return; }
  if (typed && !input.matches("select")) { input.value = typed; input.dispatchEvent(new Event("input", { bubbles: true })); }
  if (keys.at(-1) === "Enter") form.requestSubmit();
});
// Whoever types faster than the editor comes means the cell, not the single keys of the house.
document.addEventListener("keydown", (event) => {
  if (!ahead || !event.target.matches?.("td.ed") || event.ctrlKey || event.metaKey || event.altKey || (event.key.length > 1 && event.key !== "Enter" && event.key !== "Escape")) return;
  event.preventDefault(); event.stopPropagation();
  if (!event.repeat || event.key.length === 1) ahead.push(event.key);
}, true);

// A row that was drawn anew under the focus gives it back to the same cell.
let last = null; // { cell, row, at }
document.addEventListener("focusin", (event) => { const cell = event.target.closest?.("[data-grid] tr[data-id] > td"); last = cell && { cell, row: cell.parentNode.id, at: [...cell.parentNode.children].indexOf(cell) }; });
document.addEventListener("htmx:after:swap", () => {
  if (last && !last.cell.isConnected && document.activeElement === document.body) focusCell(document.getElementById(last.row)?.children[last.at]);
});

// An editor that fails to come leaves the cell as it was.
for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, (event) => {
  const cell = $("td.ed");
  if (cell && !$("form.ce", cell)) restore(cell);
  else if (cell) place = goOn = null;
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form.ce[data-kind=text]");
  if (!form || !form.isConnected || !form.closest("td.ed") || form.contains(event.relatedTarget) || form.classList.contains("htmx-request")) return;
  const inputs = $$("input:not([type=hidden]),textarea,select", form);
  if (inputs.every((input) => input.value === input.defaultValue) && !$("[aria-invalid]", form)) restore(form.closest("td"));
  else if (document.hasFocus()) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theirs]")) { const cell = event.target.closest("td"), row = cell.parentNode; restore(cell); document.dispatchEvent(new CustomEvent("kith:stale", { detail: [Number(row.dataset.id)] })); return; }
  const cell = event.target.closest("td[role]");
  if (!cell || !grid()?.contains(cell) || cell.classList.contains("ed") || event.target.closest("a,button,input,form,label")) return;
  if (narrow()) return;
  if (cell === document.activeElement && cell.dataset.f && cell.matches(".sel1")) { edit(cell); return; }
  focusCell(cell);
  $$(".sel1").forEach((other) => other.classList.remove("sel1"));
  cell.classList.add("sel1");
});
document.addEventListener("dblclick", (event) => { const cell = event.target.closest("td[data-f]:not(.ed)"); if (cell && !event.target.closest("a")) edit(cell); });

document.addEventListener("keydown", (event) => {
  if (!grid()) return;
  const form = event.target.closest?.("form.ce");
  if (form) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); restore(form.closest("td")); }
    else if (event.key === "Tab" && form.dataset.kind === "text") { const next = beside(form.closest("td"), event.shiftKey ? "previousElementSibling" : "nextElementSibling"); if (next) { event.preventDefault(); goOn = { row: form.closest("tr").id, field: next.dataset.f }; form.requestSubmit(); } }
    return;
  }
  const cell = event.target.closest?.("td[role]");
  const far = event.ctrlKey && (event.key === "Home" || event.key === "End");
  if (!cell || event.target !== cell || (event.ctrlKey && !far) || event.metaKey || event.altKey) return;
  if (!step(cell, event)) return;
  event.preventDefault(); event.stopPropagation();
});

// A group folds and unfolds; which are folded is kept in a cookie of this list, so that the server leaves their records out.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold]");
  if (!button) return;
  const body = button.closest("tbody"), closed = body.classList.toggle("folded");
  button.setAttribute("aria-expanded", String(!closed));
  focusCell(button.closest("td"));
  const more = $("tr.more[hidden]", body);
  if (!closed && more) { more.hidden = false; $("[data-in-group]", more)?.click(); }
  const by = new URL(grid().dataset.here, location.href).searchParams.get("group") ?? grid().dataset.grouped ?? "";
  const keys = $$("tbody.folded[data-group]", grid()).map((one) => one.dataset.group);
  document.cookie = `fold=${[by, ...keys].map(encodeURIComponent).join("|")};path=${grid().dataset.base};max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
});
let goOn = null;
const beside = (cell, way) => { let next = cell[way]; while (next && !next.dataset.f) next = next[way]; return next; };

function step(cell, event) {
  const row = cell.parentNode, all = rows(), r = all.indexOf(row), c = [...row.children].indexOf(cell);
  const go = (rr, cc) => { const to = all[Math.max(0, Math.min(all.length - 1, rr))]; focusCell(to.children[Math.max(0, Math.min(to.children.length - 1, cc))]); };
  const forward = rtl() ? "ArrowLeft" : "ArrowRight", backward = rtl() ? "ArrowRight" : "ArrowLeft", key = event.key;
  if (key === "ArrowDown") go(r + 1, c);
  else if (key === "ArrowUp") go(r - 1, c);
  else if (key === forward) go(r, c + 1);
  else if (key === backward) go(r, c - 1);
  else if (key === "Home") go(event.ctrlKey ? 0 : r, 0);
  else if (key === "End") go(event.ctrlKey ? all.length - 1 : r, 999);
  else if (key === "PageDown") go(r + 12, c);
  else if (key === "PageUp") go(r - 12, c);
  else if (row.matches(".gh")) { if (key === "Enter" || key === " ") $("[data-fold]", row).click(); else if (key === "+") $("[data-new]", row)?.click(); else return false; }
  else if (key === "Enter" || key === "F2") { if (cell.dataset.f) edit(cell); else if (key === "Enter") ($("a", cell) ?? $("a.n", row))?.click(); }
  else if (key === " ") peek(row.dataset.id);
  else if (pressed(event) === "x") { const box = $("input[name=ids]", row); box.checked = !box.checked; pick(box, event.shiftKey); }
  else if (key === "Escape") { if (!unpeek()) clear(); }
  else return false;
  return true;
}

/** Bring some rows up to date, or the whole list where that is simpler. */
export function reload(ids) {
  if (!ids.length || ids.length > 50 || ids.some((id) => !document.getElementById(`r${id}`))) renew(); else freshen(ids);
}
document.addEventListener("kith:changed", (event) => {
  const { object, ids, by, gone } = event.detail;
  if (!grid() || object !== grid().dataset.object || by === "cell" || by === "run") return;
  if (gone) { ids.forEach((id) => document.getElementById(`r${id}`)?.remove()); clear(); recount(); } else { reload(ids.map(String)); if (by === "bulk") clear(); }
});
/** How many there are and what they come to, from the server; where nothing is left, it says so. */
function recount() {
  const here = new URL(grid().dataset.here, location.href);
  if (rows().length) ajax("GET", `${here.pathname}sums/${here.search}`, { source: "#sums", target: "#sums", swap: "outerHTML" }); else reload([]);
}

// More rows: the button comes into sight and presses itself.
const sight = new IntersectionObserver((entries) => entries.forEach((entry) => { if (entry.isIntersecting) { sight.unobserve(entry.target); entry.target.click(); } }), { rootMargin: "300px" });
const watch = () => $$("[data-more]:not([data-watched])").forEach((button) => { button.dataset.watched = "1"; sight.observe(button); });
watch();
document.addEventListener("htmx:after:swap", watch);

// Links in cells are no stops of the Tab key: the grid is one.
const calm = () => $$("[data-grid] tbody a:not([tabindex])").forEach((link) => { link.tabIndex = -1; });
calm();
document.addEventListener("htmx:after:swap", calm);

document.addEventListener("scroll", (event) => { if (event.target.matches?.("[data-grid]")) event.target.classList.toggle("sx", Math.abs(event.target.scrollLeft) > 2); }, { capture: true, passive: true });
document.documentElement.dataset.walks = "";
