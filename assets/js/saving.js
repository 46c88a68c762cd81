// Settings save themselves (hx-trigger="change"). What is chosen while an answer is under way is not overwritten by it; what is taken back
// has the focus again.
import "./base.js";
import { $ } from "./core.js";

const saves = (form) => form?.matches?.("form[data-saves]");
const now = (form) => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken")).toString();
const sent = new WeakMap();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => { if (saves(ctx.sourceElement)) sent.set(ctx.sourceElement, now(ctx.sourceElement)); });
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (saves(form) && sent.get(form) !== now(form)) ctx.swap = "none";
});
let names = [], where = "";
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (form?.matches?.("form[data-undo][hx-target]")) { names = [...new FormData(form).keys()]; where = form.getAttribute("hx-target"); }
});
document.addEventListener("htmx:after:swap", () => {
  const form = where && $(where);
  where = "";
  if (saves(form)) [...form.elements].find((input) => input.type !== "hidden" && names.some((name) => input.name === name || name === `${input.name}.before`))?.focus();
});
