// A field of one's own: only what its kind asks for is shown, options come and go, and the preview follows what is typed.
import "./base.js";
import { $, $$ } from "./core.js";

const form = $("[data-define]"), kind = $("#kind", form), place = $("#field-preview");
function fit() {
  const asks = kind ? kind.selectedOptions[0].dataset.asks.split(" ") : null;
  if (asks) for (const part of $$("[data-asked]", form)) part.hidden = !asks.includes(part.dataset.asked);
}
let asked = 0, timer;
async function look() {
  const turn = ++asked;
  const answer = await fetch(form.dataset.define, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok && turn === asked) place.innerHTML = await answer.text();
}
kind?.addEventListener("change", fit);
form.addEventListener("change", look);
form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });

const add = $("[data-option-add]", form);
const ready = (row) => { const off = $("[data-option-off]", row); off.hidden = false; off.onclick = () => {
  const next = (row.nextElementSibling?.matches("[data-option]") ? row.nextElementSibling : row.previousElementSibling);
  if ($$("[data-option]", form).length > 1) row.remove(); else $("input:not([type=hidden])", row).value = "";
  (next?.matches?.("[data-option]") ? $("input:not([type=hidden])", next) : add).focus(); look(); }; };
if (add) {
  add.hidden = false;
  $$("[data-option]", form).forEach(ready);
  add.onclick = () => {
    const rows = $$("[data-option]", form), last = rows.at(-1), row = last.cloneNode(true);
    const number = Math.max(...rows.map((one) => Number($("[name]", one).name.match(/\d+/)[0]))) + 1;
    for (const input of $$("[name]", row)) { input.name = input.name.replace(/\d+/, number); if (input.tagName === "SELECT") input.selectedIndex = 0; else input.value = ""; }
    const said = last.getAttribute("aria-label");
    row.setAttribute("aria-label", said.replace(/[\d٠-٩۰-۹]+/, (n) => new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false }).format(rows.length + 1)));
    $("details", row).open = false;
    last.after(row); ready(row); $("input:not([type=hidden])", row).focus();
  };
}
fit();
