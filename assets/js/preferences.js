// Theme and row height change at once; the server only remembers them. A language needs the page anew, and what was typed comes back.
import { $$ } from "./core.js";

const DRAFT = "kept:language";
const forms = () => $$("main form, dialog form").filter((form) => !form.matches("[data-preferences]"));
/** What was typed on this page and not sent, by form and input. */
function typed() {
  const kept = [];
  for (const form of forms()) for (const input of form.elements) {
    if (!input.name || ["hidden", "file", "password", "submit", "button", "fieldset"].includes(input.type)) continue;
    const was = input.matches("select") ? [...input.options].filter((o) => o.defaultSelected).map((o) => o.value).join() : input.type === "checkbox" || input.type === "radio" ? input.defaultChecked : input.defaultValue;
    const now = input.type === "checkbox" || input.type === "radio" ? input.checked : input.value;
    if (now !== was) kept.push([form.getAttribute("action"), input.name, input.type === "radio" || input.type === "checkbox" ? input.value : "", now]);
  }
  return kept;
}
function bringBack() {
  let told = {};
  try { told = JSON.parse(sessionStorage.getItem(DRAFT) ?? "{}"); } catch { /* somebody else's */ }
  sessionStorage.removeItem(DRAFT);
  if (told.at !== location.pathname + location.search) return;
  for (const [action, name, value, now] of told.typed) {
    const form = forms().find((one) => one.getAttribute("action") === action);
    const input = form && [...form.elements].find((one) => one.name === name && (!value || one.value === value));
    if (!input) continue;
    if (typeof now === "boolean") input.checked = now; else input.value = now;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
bringBack();

// One after the other, so that what was chosen last is what is remembered.
let sent = Promise.resolve();
document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter ?? form.querySelector?.("button[name]");
  if (!form.matches?.("[data-preferences]") || !button) return;
  if (button.name === "language") { sessionStorage.setItem(DRAFT, JSON.stringify({ at: location.pathname + location.search, typed: typed() })); return; }
  event.preventDefault();
  const root = document.documentElement;
  if (["theme", "saver"].includes(button.name) && button.value === "auto") delete root.dataset[button.name];
  else root.dataset[button.name] = button.value;
  if (button.name === "theme") document.querySelector("meta[name=color-scheme]").content = button.value === "auto" ? "light dark" : button.value;
  $$(`[data-preferences] button[name=${button.name}][aria-pressed]`).forEach((other) => other.setAttribute("aria-pressed", other.value === button.value));
  const body = new FormData(form);
  body.set(button.name, button.value);
  const answer = await (sent = sent.then(() => fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null)));
  const toasts = document.querySelector("#toasts");
  if (toasts && answer?.ok) toasts.innerHTML = await answer.text();
});
