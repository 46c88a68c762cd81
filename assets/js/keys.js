// Single keys: never while typing, under a dialog or with a modifier. G starts a jump of two keys.
import { $, covered, typing } from "./core.js";

let jumping = 0;
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "k" && !event.shiftKey && !event.altKey) { event.preventDefault(); document.dispatchEvent(new Event("cmd:toggle")); return; }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { const form = event.target.closest?.("form"); if (form) { event.preventDefault(); form.requestSubmit(); } return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event) || covered()) return;
  if (Date.now() - jumping < 1200) {
    jumping = 0;
    const place = /^[a-z]$/.test(key) && $(`[data-jump="${key}"]`);
    if (place) { event.preventDefault(); place.click(); return; }
  }
  if (key === "g") { jumping = Date.now(); return; }
  if (event.key === "?") { $("#keys")?.showModal(); return; }
  if (event.key === "/") { const search = $("[data-slash]"); if (search) { event.preventDefault(); search.focus(); search.select(); } return; }
  if (/^[a-z]$/.test(key)) {
    const target = $(`#peek [data-key="${key}"]:not([disabled])`) ?? $(`[data-key="${key}"]:not([disabled])`);
    if (target) { event.preventDefault(); target.click(); }
  }
});

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-cmd]")) document.dispatchEvent(new Event("cmd:toggle"));
  if (target.closest("[data-keys]")) $("#keys")?.showModal();
  target.closest("dialog [data-close]")?.closest("dialog").close();
  if (target.matches("dialog")) target.close();
});

// Tabs and radio groups: arrows walk, mirrored where the page is.
document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[role=radiogroup] [role=radio],[role=tablist] [role=tab]");
  if (!item || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
  const items = [...item.parentNode.querySelectorAll("[role=radio],[role=tab]")];
  const step = (event.key === "ArrowRight") !== (document.documentElement.dir === "rtl") ? 1 : -1;
  const next = items[(items.indexOf(item) + step + items.length) % items.length];
  next.focus(); next.click(); event.preventDefault();
});
