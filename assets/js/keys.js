// Single keys: never while typing, under a dialog or with a modifier. G starts a jump of two keys.
import { $, ajax, covered, letter, pressed, typing } from "./core.js";

let jumping = 0;
async function sheet() {
  const box = $("#keys");
  if (!box || box.open) return;
  if (!box.firstElementChild) await ajax("GET", box.dataset.url, { source: box, target: box, swap: "innerHTML" });
  if (box.firstElementChild && !box.open) box.showModal();
}
// After G the letters are those of the sidebar, whatever else they mean on this page: this is asked before everybody else.
addEventListener("keydown", (event) => {
  if (!jumping || event.key.length > 1) return;
  const soon = Date.now() - jumping < 1500, to = letter(event);
  jumping = 0;
  const place = soon && !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event) && !covered() && /^[a-z]$/.test(to) && $(`[data-jump="${to}"]`);
  if (place) { event.preventDefault(); event.stopImmediatePropagation(); place.click(); }
}, true);
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const held = event.ctrlKey || event.metaKey;
  if (held && letter(event) === "k" && !event.shiftKey && !event.altKey) { event.preventDefault(); document.dispatchEvent(new Event("cmd:toggle")); return; }
  if (held && event.key === "Enter") { const form = event.target.closest?.("form"); if (form) { event.preventDefault(); form.requestSubmit(); } return; }
  if (held || event.altKey || event.defaultPrevented || event.repeat || typing(event) || covered()) return;
  const key = pressed(event);
  if (key === "g") { jumping = Date.now(); return; }
  if (key === "?") { event.preventDefault(); sheet(); return; }
  if (key === "/") { const search = $("[data-slash]"); event.preventDefault(); if (search) { search.focus(); search.select(); } else document.dispatchEvent(new Event("cmd:toggle")); return; }
  if (key === "+") { const menu = $("#m-new"); if (menu) { event.preventDefault(); menu.showPopover({ source: $(".b-new") ?? undefined }); } return; }
  if (/^[a-z]$/.test(key)) {
    const target = $(`#peek [data-key="${key}"]:not([disabled])`) ?? $(`[data-key="${key}"]:not([disabled])`);
    if (target) { event.preventDefault(); target.click(); }
    else if (key === "n" && $("#m-new")) { event.preventDefault(); $("#m-new").showPopover({ source: $(".b-new") ?? undefined }); }
  }
});

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-cmd]")) { target.closest("[popover]")?.hidePopover(); document.dispatchEvent(new Event("cmd:toggle")); }
  if (target.closest("[data-keys]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); sheet(); }
  target.closest("dialog [data-close]")?.closest("dialog").close();
  if (target.matches("dialog")) target.close();
});

// Tabs and radio groups: arrows walk, mirrored where the page is.
document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[role=radiogroup] [role=radio],[role=tablist] [role=tab]");
  if (!item || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
  const items = [...item.parentNode.querySelectorAll("[role=radio],[role=tab]")].filter((one) => one.offsetParent);
  const step = (event.key === "ArrowRight") !== (document.documentElement.dir === "rtl") ? 1 : -1;
  const next = items[(items.indexOf(item) + step + items.length) % items.length];
  next.focus(); next.click(); event.preventDefault();
});
