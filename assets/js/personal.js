// My settings: the zone of this browser is offered where it is another one than the chosen one.
import { $ } from "./core.js";

const input = $("[data-zone]"), offer = $("[data-browser-zone]"), here = Intl.DateTimeFormat().resolvedOptions().timeZone;
function sync() { offer.hidden = !here || input.value === here; }
if (input && offer) {
  $("[data-name]", offer).textContent = here;
  sync();
  input.addEventListener("change", sync);
  offer.addEventListener("click", () => { input.value = here; input.dispatchEvent(new Event("change", { bubbles: true })); input.focus(); });
}
