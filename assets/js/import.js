// The import: a file dropped or chosen is named and sent at once; rows that go nowhere look so while they are being chosen.
import "./base.js";
import { $, $$, ajax } from "./core.js";

const name = (input) => { $("[data-name]", input.form).textContent = input.files[0].name; };
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches?.("[data-drop] input[type=file]") && input.files.length) { name(input); input.form.requestSubmit(); }
  if (input.matches?.(".mto select")) input.closest(".mrow").classList.toggle("off", !input.value);
});
// The file input covers the whole zone, so that the browser itself takes the drop; only the look is ours.
for (const zone of $$(".zone")) {
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, () => zone.classList.add("over"));
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
}
document.addEventListener("submit", (event) => {
  const button = event.target.closest("[data-import] form, form[data-import]") && $("button.p", event.target);
  if (button) setTimeout(() => (button.disabled = true), 0);
});
addEventListener("pageshow", () => $$("[data-import] button.p, form[data-import] button.p").forEach((button) => (button.disabled = false)));

// One that was chosen before this came, over a slow line. Whoever comes back or reads the page again may want another file.
for (const input of $$("[data-drop] input[type=file]")) if (input.files.length) {
  name(input);
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") input.form.requestSubmit();
}

// Progress asks once a second; when the server is away for a while, it goes on asking, more patiently.
for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, (event) => {
  const part = event.detail.ctx?.sourceElement;
  if (!part?.matches?.("[data-poll]")) return;
  setTimeout(() => { if (part.isConnected) ajax("GET", part.getAttribute("hx-get"), { source: part, target: part, swap: "outerHTML" }); }, 3000);
});
