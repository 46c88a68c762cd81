// The panel beside the list that shows one record; on a phone the record's page opens instead.
import { $, $$, ajax, narrow, pressed, typing } from "./core.js";

let back = null;
let open = null; // the number of the record that the panel shows
const panel = () => $("#peek");
const list = () => $("[data-grid]")?.dataset.base;

// What the list shows just now: the order in which the panel goes on.
const shown = () => { const asked = new URL($("[data-grid]").dataset.here, location.href).searchParams; for (const name of ["peek", "after", "shown"]) asked.delete(name); return String(asked); };

function address(id) {
  const url = new URL(location.href);
  if (id) url.searchParams.set("peek", id); else url.searchParams.delete("peek");
  history.replaceState(null, "", url);
}

export function peek(id) {
  if (!panel() || !list()) return;
  if (narrow()) { location.href = `${list()}${id}/`; return; }
  back ??= document.activeElement;
  open = id;
  $$("tr.cur").forEach((row) => row.classList.remove("cur"));
  document.getElementById(`r${id}`)?.classList.add("cur");
  ajax("GET", `${list()}${id}/peek/?in=${encodeURIComponent(shown())}`, { source: panel(), target: "#peek", swap: "innerHTML" });
  address(id);
}

export function unpeek() {
  if (!panel()?.firstElementChild) return false;
  panel().replaceChildren();
  open = null;
  const row = $("tr.cur");
  row?.classList.remove("cur");
  address(null);
  (back?.isConnected ? back : $("td", row ?? undefined))?.focus?.();
  back = null;
  return true;
}

/** The record before or after the one shown, in the order of the list that is filtered and sorted so, also beyond the rows that are loaded. */
function beside(step) {
  const id = $(`[data-beside="${step}"]`, panel())?.dataset.to;
  if (!id) return;
  document.getElementById(`r${id}`)?.scrollIntoView({ block: "nearest" });
  peek(id);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-peek]");
  if (button && list()) { event.preventDefault(); peek(button.dataset.peek); }
  if (event.target.closest("[data-unpeek]")) unpeek();
  const step = event.target.closest("[data-beside]");
  if (step) beside(Number(step.dataset.beside));
});
document.addEventListener("keydown", (event) => {
  if (!panel()?.firstElementChild || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  if ($("dialog[open],#cmd:popover-open,.menu:popover-open")) return;
  if (event.key === "Escape") unpeek();
  else if (pressed(event) === "j") beside(1);
  else if (pressed(event) === "k") beside(-1);
});
// A list that is sorted or filtered anew beside the panel has another address and other rows: the panel stays in both.
document.addEventListener("htmx:finally:request", () => {
  if (!open || new URLSearchParams(location.search).get("peek") === String(open)) return;
  address(open);
  document.getElementById(`r${open}`)?.classList.add("cur");
});
const asked = new URLSearchParams(location.search).get("peek");
if (asked && /^\d+$/.test(asked) && panel() && !narrow()) peek(asked);
