// A printed label: copied as text, or printed.
import "./base.js";
import { $ } from "./core.js";

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const text = $(copy.dataset.copy)?.innerText ?? "";
    try { await navigator.clipboard.writeText(text); copy.setAttribute("aria-pressed", "true"); }
    catch { const range = document.createRange(); range.selectNodeContents($(copy.dataset.copy)); getSelection().removeAllRanges(); getSelection().addRange(range); }
  }
  if (event.target.closest("[data-print]")) print();
});
