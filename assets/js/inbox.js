// The inbox by keys: E done, H later, U unread; J, K and the arrows walk. What is opened is read.
import "./base.js";
import { $, $$, covered, htmx, pressed, typing } from "./core.js";
import { count } from "./told.js";

const items = () => $$(".ib");
let at = 0;
const current = () => document.activeElement?.closest?.(".ib") ?? items()[Math.min(at, items().length - 1)];
const go = (to) => { const all = items(); if (!all.length) return; at = Math.max(0, Math.min(all.length - 1, to)); $(".ti", all[at]).focus(); };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || event.defaultPrevented || typing(event) || covered() || !$("#inbox")) return;
  const key = pressed(event);
  const now = items().indexOf(current());
  if (key === "j" || key === "ArrowDown") go(document.activeElement?.closest?.(".ib") ? now + 1 : 0);
  else if (key === "k" || key === "ArrowUp") go(now - 1);
  else if (key && "ehu".includes(key)) { const button = current() && $(`[data-k="${key}"]`, current()); if (!button) return; at = Math.max(0, now); back = true;
    // What was laid down this very moment is not htmx's yet, and the browser itself would send it.
    if (button.form && !button.form.dataset.htmxPowered) htmx.process(button.form);
    button.click();
  }
  else return;
  event.preventDefault(); event.stopPropagation();
}, true);
// After something was done with one, the next one has the focus.
let back = false;
document.addEventListener("htmx:after:swap", () => {
  const box = $("#inbox");
  if (!box) return;
  count(box);
  if (back) { back = false; go(at); }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-inbox-open]"), item = link?.closest(".ib.un");
  if (!item) return;
  const form = new FormData($("form", item));
  form.set("do", "read"); form.set("silent", "1");
  navigator.sendBeacon($("#inbox").dataset.inbox, form);
  item.classList.remove("un");
}, true);
