// Theme and row height change at once; the server only remembers them. A language needs the page anew.
import { $$ } from "./core.js";

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (!form.matches?.("[data-preferences]") || !button || button.name === "language") return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.name === "theme" && button.value === "auto") delete root.dataset.theme;
  else root.dataset[button.name] = button.value;
  if (button.name === "theme") document.querySelector("meta[name=color-scheme]").content = button.value === "auto" ? "light dark" : button.value;
  $$(`button[name=${button.name}]`, form).forEach((other) => other.setAttribute("aria-pressed", other === button));
  const body = new FormData(form);
  body.set(button.name, button.value);
  fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
});
