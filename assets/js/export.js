// A list leaves as it is now: filters change without a reload, so the address is made when somebody asks for the file.
import { $ } from "./core.js";
import { chosen, everything } from "./select.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-export]"), here = $("[data-grid]")?.dataset.here;
  if (!link) return;
  const query = here?.split("?")[1];
  const only = "chosen" in link.dataset && !everything ? `&only=${chosen().join(",")}` : "";
  link.href = link.dataset.export + (query ? `&${query}` : "") + only;
  link.closest("[popover]")?.hidePopover();
});
