// Toasts: gone after seven seconds, but not while somebody reads them; Ctrl+Z takes back what the last one was about.
import { $, spoken, typing } from "./core.js";

const box = $("#toasts");
const LASTS = 7000;

/** Say something that the server could not. */
export function toast(text) {
  const line = document.createElement("div");
  line.className = "toast bad"; line.setAttribute("role", "alert"); line.textContent = text;
  box.replaceChildren(line);
}

function arm(line) {
  let timer;
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

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || typing(event)) return;
  const form = $("form[data-undo]", box);
  if (form) { event.preventDefault(); form.requestSubmit(); }
});

document.addEventListener("htmx:error", () => toast(spoken(navigator.onLine ? "unreachable" : "offline")));
document.addEventListener("htmx:response:error", (event) => { if (event.detail.ctx.response.status >= 500) { event.detail.ctx.swap = "none"; toast(spoken("failed")); } });
addEventListener("online", () => { if ($(".toast.bad", box)) toast(spoken("online")); });
