// A list leaves as it is now: filters change without a reload, so the address is made when somebody asks for the file.
import { $ } from "./core.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-export]"), here = $("[data-grid]")?.dataset.here;
  if (!link) return;
  const query = here?.split("?")[1];
  link.href = link.dataset.export + (query ? `&${query}` : "");
  link.closest("[popover]")?.hidePopover();
});
