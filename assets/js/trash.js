// The trash: one box for all rows; a row's own button restores that row alone.
import "./base.js";
import { $$ } from "./core.js";

document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-check-all]"), alone = event.target.closest("[data-alone]");
  if (all) $$(`input[name=${all.dataset.checkAll}]`).forEach((box) => (box.checked = all.checked));
  if (alone) $$("input[type=checkbox]", alone.form).forEach((box) => (box.checked = false));
});
