// My settings: what is chosen is shown at once; the zone of this browser is offered where it is another one than the chosen one.
import "./base.js";
import { $ } from "./core.js";

const input = $("[data-zone]"), offer = $("[data-browser-zone]"), here = Intl.DateTimeFormat().resolvedOptions().timeZone;
function sync() { offer.hidden = !here || input.value === here; }
if (input && offer) {
  $("[data-name]", offer).textContent = here;
  sync();
  input.addEventListener("change", sync);
  offer.addEventListener("click", () => { input.value = here; input.dispatchEvent(new Event("change", { bubbles: true })); input.focus(); });
}

const form = $("[data-personal]"), preview = $("[data-preview]");
let asked = 0, timer;
async function look() {
  const turn = ++asked;
  const answer = await fetch(preview.dataset.preview, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok && turn === asked) preview.innerHTML = await answer.text();
}
form?.addEventListener("change", look);
form?.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 250); });
