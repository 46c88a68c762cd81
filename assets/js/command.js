// The command menu: a combobox over a list box. A popover, not a dialog: showModal() restyles a whole page of rows.
import { $, $$, htmx } from "./core.js";

const menu = $("#cmd");
if (menu) {
  const input = $("input", menu), results = $("#cmd-rs");
  let at = 0, back;
  const options = () => $$("[role=option]", results);
  const mark = (to) => {
    const all = options();
    if (!all.length) { input.removeAttribute("aria-activedescendant"); return; }
    at = (to + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", i === at));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const open = () => menu.matches(":popover-open");
  const close = () => { menu.hidePopover(); back?.focus?.({ preventScroll: true }); };

  document.addEventListener("cmd:toggle", () => {
    if (open()) { close(); return; }
    back = document.activeElement;
    menu.showPopover();
    input.focus({ preventScroll: true }); input.select();
    if (results.children.length) mark(0); else htmx.trigger(input, "cmd:open");
  });
  menu.addEventListener("click", (event) => { if (event.target === menu || event.target.closest("[data-close]")) close(); });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); event.stopPropagation();
      if (input.value) { input.value = ""; input.dispatchEvent(new Event("input", { bubbles: true })); } else close();
    }
    if (event.key === "Tab") { event.preventDefault(); (document.activeElement === input ? $("[data-close]", menu) : input).focus(); }
  });
  results.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") mark(options().indexOf(option));
  });
  input.addEventListener("keydown", (event) => {
    // Enter that ends the composition of a character is not a choice.
    if (event.isComposing) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter") {
      const option = options()[at];
      if (option && (event.ctrlKey || event.metaKey)) window.open(option.href, "_blank", "noopener");
      else if (option) { option.click(); close(); }
    } else return;
    event.preventDefault(); event.stopPropagation();
  });
  document.addEventListener("htmx:after:swap", () => { if (open()) mark(0); });
}
