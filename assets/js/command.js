// The command menu: a combobox over a list box. A popover, not a dialog: showModal() restyles a whole page of rows.
import { $, $$, htmx } from "./core.js";

const menu = $("#cmd");
if (menu) {
  const input = $("input", menu), results = $("#cmd-rs");
  const chip = $(".ctx", menu), on = $("#cmd-on");
  let at = 0, back, fresh = "";
  /** What the menu is about: the record whose page or preview is open. */
  const about = () => { const shown = $("#peek [data-record]") ?? $("[data-record][data-object]"); return shown ? [`${shown.dataset.object}:${shown.dataset.record}`, ($("[data-title]", shown.closest("#peek") ?? document) ?? $("h1,h2", shown))?.textContent.trim() ?? ""] : null; };
  const context = (told) => {
    on.disabled = chip.hidden = !told;
    if (told) { [on.value, $("bdi", chip).textContent] = told; }
  };
  const ask = () => htmx.trigger(input, "cmd:open");
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
    context(about());
    menu.showPopover();
    input.focus({ preventScroll: true }); input.select();
    const now = `${on.disabled ? "" : on.value} ${location.href}`;
    if (fresh === now && results.children.length) mark(0); else { fresh = now; ask(); }
  });
  menu.addEventListener("click", (event) => { if (event.target === menu || event.target.closest("[data-close]")) close(); });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); event.stopPropagation();
      if (input.value) { input.value = ""; input.dispatchEvent(new Event("input", { bubbles: true })); } else close();
    }
    if (event.key === "Backspace" && !input.value && !on.disabled && !event.isComposing) { event.preventDefault(); context(null); fresh = ""; ask(); }
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
      else if (option) { close(); option.click(); }
    } else return;
    event.preventDefault(); event.stopPropagation();
  });
  results.addEventListener("click", (event) => { if (open() && event.target.closest("[role=option]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) close(); });
  document.addEventListener("htmx:after:swap", () => { if (open()) mark(0); });
  // Control is held before K is pressed: the first list is there when the menu opens. Nobody asked for it yet, so without a network
  // it is left out, and nothing is said of it.
  document.addEventListener("keydown", (event) => { if ((event.key === "Control" || event.key === "Meta") && !event.repeat && !fresh && !open() && navigator.onLine && !document.documentElement.dataset.kept) { context(about()); fresh = `${on.disabled ? "" : on.value} ${location.href}`; ask(); } });
  document.addEventListener("kith:changed", () => { fresh = ""; });
}
