// Menus are popovers: placed by CSS anchors where there are any, focused on opening, walked with arrow keys, narrowed by typing.
import { $, $$, htmx, rtl } from "./core.js";

const anchored = CSS.supports("position-area: block-end");

/** Open a popover menu at `anchor`. */
export function openAt(menu, anchor) {
  if (menu.matches(":popover-open")) menu.hidePopover();
  menu.showPopover({ source: anchor });
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.matches?.(".menu")) return;
  if (!anchored) place(menu, event.source ?? $(`[popovertarget="${menu.id}"]`) ?? menu.closest("td"));
  const first = $("[data-first]", menu) ?? $("[data-narrow],[data-opens],input.in,select.in", menu) ?? $("[aria-selected=true],[aria-pressed=true],[aria-current]", menu) ?? $(".mi", menu);
  first?.focus({ preventScroll: true });
  // A list of records shows some at once, before anything was typed.
  $$("[data-opens]", menu).forEach((input) => htmx.trigger(input, "found:open"));
}, true);

function place(menu, anchor) {
  const at = anchor?.getBoundingClientRect();
  if (!at || matchMedia("(width < 760px)").matches) return;
  const wide = menu.offsetWidth, high = menu.offsetHeight;
  const x = rtl() ? at.right - wide : at.left;
  const y = at.bottom + 5 + high > innerHeight ? at.top - high - 5 : at.bottom + 5;
  // Screen coordinates have no logical names.
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - wide - 8))}px`;
  menu.style.top = `${Math.max(8, y)}px`;
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key) || event.target.matches("select,textarea")) return;
  if (event.target.matches("input:not([type=checkbox],[type=radio])") && !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = $$(".mi", menu).filter((item) => !item.disabled && !item.hidden);
  const now = items.indexOf(document.activeElement.closest(".mi"));
  const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : (now + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
  event.preventDefault(); event.stopPropagation();
  const item = items[next];
  (item?.matches("label") ? $("input", item) : item)?.focus();
});

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-narrow]")) return;
  const words = plain(event.target.value);
  for (const item of $$(".mi", event.target.closest(".menu"))) item.hidden = !plain(item.textContent).includes(words);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-narrow],[data-opens]")) return;
  event.preventDefault();
  const only = $$(".mi", event.target.closest(".menu")).find((item) => !item.hidden);
  only?.click();
});
