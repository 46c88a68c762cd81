// Filter chips: their editor is a popover whose content comes from the server.
import { $, ajax } from "./core.js";
import { openAt } from "./menus.js";

const box = () => $("#f-edit");
// The popover hangs on the row of chips: a single chip is replaced while its filter is edited.
const context = (url) => {
  const full = new URL(url, location.href);
  for (const input of document.querySelectorAll("#state input, #q")) if (input.value && !full.searchParams.has(input.name)) full.searchParams.set(input.name, input.value);
  return full.href;
};
const load = (url) => ajax("GET", context(url), { source: box(), target: "#f-edit", swap: "innerHTML" });
const enter = () => ($("input:not([type=hidden],[type=checkbox],[type=radio])", box()) ?? $("input:checked", box()) ?? $("input:not([type=hidden])", box()) ?? $("select", box()))?.focus();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  if (!button) return;
  $("#f-add")?.hidePopover();
  load(button.dataset.filter).then(() => { openAt(box(), $("#chips")); enter(); $("[data-opens]", box()) && box().querySelectorAll("[data-opens]").forEach((input) => input.dispatchEvent(new Event("found:open"))); });
});
document.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-op]");
  if (select) load(`${select.dataset.op}&op=${encodeURIComponent(select.value)}`).then(enter);
  // A box or a button is an answer by itself: rows follow at once, and the popover stays open.
  const value = event.target.closest("form[data-filter-form] input[name=v]:is([type=checkbox],[type=radio])");
  if (value && value.form.querySelector("input[name=v]:checked")) { keep = true; value.form.requestSubmit(); }
});
let keep = false;
document.addEventListener("htmx:after:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (!form?.matches?.("form[data-filter-form]") || event.detail.ctx.response.status >= 400) return;
  if (keep) {
    // The condition exists from now on: what is chosen next changes it.
    if (!form.elements.at) { const at = document.createElement("input"); at.type = "hidden"; at.name = "at"; at.value = String(document.querySelectorAll("#chips .chip").length); form.append(at); }
    keep = false;
    queueMicrotask(() => requestAnimationFrame(() => { const filter = $("#state input[name=filter]"); if (filter) { let own = form.elements.filter; if (!own) { own = document.createElement("input"); own.type = "hidden"; own.name = "filter"; form.append(own); } own.value = filter.value; } }));
  } else { box().hidePopover(); $("[popovertarget=f-add]")?.focus(); }
});
