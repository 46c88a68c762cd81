// Filters: chips whose parts open the editor of their condition, the choice of a field, the whole filter as a form. All of it comes from
// the server into one popover; what is chosen or typed there brings the list along, and the popover stays.
import { $, $$, ajax } from "./core.js";
import { openAt } from "./menus.js";

const box = () => $("#f-edit");
let from = null; // the part of a chip from which the popover was opened: { chip, at }
let keep = false; // whether the popover stays after what is being sent
const open = (input) => input.dispatchEvent(new Event("found:open"));

function enter(part) {
  const inside = (part && ($(`select[data-part="${part}"]`, box()) ?? $(`[data-part="${part}"] :is(input:checked,input:not([type=hidden]),select)`, box())))
    ?? $("[data-narrow],.vals input", box()) ?? $("input:checked,input:not([type=hidden])", box()) ?? $("select,a,button", box());
  inside?.focus();
}
const load = (url, part) => ajax("GET", url, { source: box(), target: "#f-edit", swap: "innerHTML" }).then(() => {
  if (!box().matches(":popover-open")) openAt(box(), $("#chips"));
  $$("[data-opens]", box()).forEach(open);
  enter(part);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-filter]");
  if (!link || !box() || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!box().contains(link)) from = { chip: link.closest("[data-chip]")?.dataset.chip, at: link.dataset.at };
  const url = new URL(link.href), q = $("#q")?.value;
  if (q) url.searchParams.set("q", q);
  load(url.href, link.dataset.at);
});

// Closed by hand or by a click beside it: the chip that was edited gets the focus back, also when the answer drew it anew.
document.addEventListener("toggle", (event) => {
  if (event.target !== box() || event.newState !== "closed" || !from) return;
  const chip = from.chip !== undefined && $(`#chips [data-chip="${from.chip}"]`), at = from.at;
  from = null;
  if (document.activeElement === document.body || box().contains(document.activeElement)) (chip ? $(`[data-at="${at}"]`, chip) ?? $("a", chip) : $("#f-open"))?.focus();
  box().replaceChildren();
}, true);

function send(form, stays = true, wait = 0) {
  clearTimeout(form.waiting);
  form.waiting = setTimeout(() => { if (form.isConnected) { keep = stays; form.requestSubmit(); } }, wait);
}
const answered = (form) => {
  const op = $("select[data-part=op]", form), inputs = $$("[name=v]", form);
  if (!inputs.length) return Boolean(op);
  return inputs.some((one) => one.matches(":is([type=checkbox],[type=radio])")) ? inputs.some((one) => one.checked) : inputs.filter((one) => one.matches("input")).every((one) => one.value.trim());
};

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-filter-form]")) {
    const part = event.target.dataset.part;
    if (part) {
      // Another field or operator takes other values: the form comes anew, with those that still fit.
      const url = new URL(form.dataset.editor, location.href);
      for (const [name, value] of new FormData(form)) if (!["f", "op", "v", "find"].includes(name)) url.searchParams.append(name, value);
      url.searchParams.set("field", form.elements.f.value);
      if (part === "op") { url.searchParams.set("op", form.elements.op.value); for (const value of new FormData(form).getAll("v")) url.searchParams.append("v", value); }
      load(url.href, part).then(() => { const again = $("form[data-filter-form]", box()); if (again?.matches("[data-complete]")) send(again); });
    } else if (event.target.name === "v" && answered(form)) send(form);
  } else if (form?.matches("[data-filter-all]") && event.target.name !== "find") send(form);
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-filter-form],[data-filter-all]") || !event.target.matches(".vals input")) return;
  if (form.matches("[data-filter-all]") || answered(form)) send(form, true, 350);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches?.("[data-filter-form],[data-filter-all]") && event.submitter) { clearTimeout(form.waiting); keep = form.matches("[data-filter-all]") && event.submitter.value !== "apply"; }
}, true);
document.addEventListener("htmx:after:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (!form?.matches?.("form[data-filter-form],form[data-filter-all]")) return;
  const stays = keep || event.detail.ctx.response.status >= 400;
  keep = false;
  if (!stays) box().hidePopover();
});
// A row that was added is where one goes on.
document.addEventListener("htmx:after:swap", () => { if (box()?.matches(":popover-open")) $$("[data-opens]:not([data-opened])", box()).forEach((input) => { input.dataset.opened = "1"; open(input); }); });
// On a phone a condition may be wider than the row that it stands in: whoever comes there by key sees where it begins.
document.addEventListener("focusin", ({ target }) => { if (target.matches("#chips :focus-visible")) target.scrollIntoView({ block: "nearest", inline: "start" }); });
