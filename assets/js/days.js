// The month that month.js opens. The server draws it in the reader's own calendar; here it is walked.
import "./base.js";
import { $, $$, rtl } from "./core.js";

let box = null, input = null, asked = 0;

/** The one popover; it stands inside the form of its input, so that leaving the input for it is no leaving. */
function made(near) {
  if (!box) {
    box = document.createElement("div");
    box.className = "monp"; box.popover = "auto"; box.setAttribute("role", "dialog");
    box.addEventListener("toggle", (event) => { if (event.newState === "closed" && input?.isConnected && (box.contains(document.activeElement) || document.activeElement === document.body)) input.focus(); });
  }
  if (box.parentNode !== near) near.append(box);
  return box;
}
async function draw(day) {
  const turn = ++asked, query = new URLSearchParams({ text: input.value });
  if (day) query.set("day", day);
  const answer = await fetch(`/calendar/?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || turn !== asked) return false;
  box.innerHTML = await answer.text();
  return true;
}
const here = () => $("td [tabindex='0']", box);
function go(button) { $$("td [tabindex='0']", box).forEach((other) => (other.tabIndex = -1)); button.tabIndex = 0; button.focus(); }
export async function show(button) {
  input = document.getElementById(button.dataset.pick);
  const near = button.parentNode;
  made(near).setAttribute("aria-label", button.getAttribute("aria-label"));
  if (!(await draw())) return;
  box.showPopover({ source: button });
  place(button);
  (here() ?? $("button", box)).focus();
}
/** The button of an input was pressed: its month opens, or closes where it stood open. */
export const press = (button) => { if (box?.matches(":popover-open") && box.parentNode === button.parentNode) box.hidePopover(); else show(button); };
function place(button) {
  if (matchMedia("(width < 760px)").matches) { box.style.left = box.style.top = ""; return; }
  // Screen coordinates have no logical names.
  const at = button.closest(".inx").getBoundingClientRect(), wide = box.offsetWidth, high = box.offsetHeight;
  const x = rtl() ? at.left : at.right - wide, below = at.bottom + 5;
  box.style.left = `${Math.max(8, Math.min(x, innerWidth - wide - 8))}px`;
  box.style.top = `${below + high > innerHeight - 8 ? Math.max(8, at.top - high - 5) : below}px`;
}
function choose(text) {
  // A time that stood behind the old date stays behind the new one.
  const time = input.dataset.timed === undefined ? "" : (input.value.match(/[\s,،]+\S*\p{Nd}{1,2}[:.]\p{Nd}{2}.*$/u)?.[0] ?? "");
  input.value = text + time;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
  box.hidePopover();
}
document.addEventListener("click", (event) => {
  if (!box?.contains(event.target)) return;
  const day = event.target.closest("[data-day]"), to = event.target.closest("[data-go]");
  if (day) choose(day.dataset.text);
  else if (to?.dataset.go) { const back = to.matches(":first-child"); draw(to.dataset.go).then((done) => { if (done) $$(".monh button", box).at(back ? 0 : -1).focus(); }); }
});
// Inside, the keys are those of a grid of days (ARIA APG).
document.addEventListener("keydown", async (event) => {
  if (!box?.contains(event.target)) return;
  if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); input.focus(); box.hidePopover(); return; }
  if (event.key === "Tab") { event.stopPropagation(); return; }
  const day = event.target.closest("td [data-day]");
  if (!day) { if (event.key !== "Enter" && event.key !== " ") event.stopPropagation(); return; }
  const all = $$("td [data-day]", box), at = all.indexOf(day), forward = rtl() ? -1 : 1, week = at - (at % 7), table = $("table", box);
  const steps = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 7, ArrowUp: -7, Home: week - at, End: week + 6 - at };
  event.stopPropagation();
  if (event.key in steps) {
    event.preventDefault();
    const to = all[at + steps[event.key]];
    if (to && !to.matches(".out")) { go(to); return; }
    const next = new Date(`${day.dataset.day}T00:00Z`); next.setUTCDate(next.getUTCDate() + steps[event.key]);
    if (await draw(next.toISOString().slice(0, 10))) here()?.focus();
  } else if (event.key === "PageUp" || event.key === "PageDown") {
    event.preventDefault();
    const down = event.key === "PageDown", target = event.shiftKey ? (down ? table.dataset.yearAfter : table.dataset.yearBefore) : $$("[data-go]", box).at(down ? -1 : 0).dataset.go;
    // Months are counted from the first day shown; the day of the month that was reached stays where that is possible.
    if (target && (await draw(target))) here()?.focus();
  }
}, true);
