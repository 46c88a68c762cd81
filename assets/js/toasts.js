// Toasts: gone after seven seconds, but not while somebody reads them; Ctrl+Z takes back what the last one was about.
import { $, ajax, letter, typing } from "./core.js";
import { writing, written } from "./order.js";

const box = $("#toasts");
const LASTS = 7000;
/** The last action of this tab that can be undone: its toast goes, Ctrl+Z stays. */
const LAST = "undo:last";

/** Say something that the server could not, with something to do about it: a deed, or a place to go. What can be done stays. */
export function toast(text, { label = "", does = null, href = "" } = {}) {
  const line = document.createElement("div"), words = document.createElement("span");
  line.className = href ? "toast" : "toast bad"; line.setAttribute("role", href ? "status" : "alert");
  words.textContent = text; line.append(words);
  if (label) {
    const more = document.createElement(href ? "a" : "button");
    more.className = "b s"; more.textContent = label;
    if (href) more.href = href; else { more.type = "button"; more.addEventListener("click", () => { line.remove(); does(); }); line.dataset.stays = "1"; }
    line.append(more);
  }
  box?.replaceChildren(line);
}

function arm(line) {
  if (line.dataset.stays) return;
  let timer;
  const cause = $("[data-undo] [name=cause]", line)?.value;
  if (cause) sessionStorage.setItem(LAST, cause);
  const start = () => { clearTimeout(timer); timer = setTimeout(() => line.remove(), LASTS); };
  const hold = () => clearTimeout(timer);
  line.addEventListener("pointerenter", hold);
  line.addEventListener("focusin", hold);
  line.addEventListener("pointerleave", start);
  line.addEventListener("focusout", start);
  start();
}

if (box) {
  [...box.children].forEach(arm);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => node.nodeType === 1 && arm(node)))).observe(box, { childList: true });
}

function takeBack() {
  const form = $("form[data-undo]", box);
  const cause = sessionStorage.getItem(LAST);
  sessionStorage.removeItem(LAST);
  if (form) form.requestSubmit();
  else if (cause) ajax("POST", "/undo/", { source: box, target: box, swap: "none", values: { cause } });
}

document.addEventListener("keydown", (event) => {
  if (letter(event) !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.repeat || typing(event)) return;
  if (!writing() && !$("form[data-undo]", box) && !sessionStorage.getItem(LAST)) return;
  event.preventDefault();
  // Who is quicker than the answer means what she did just now, not what was before it.
  written().then(takeBack);
});
