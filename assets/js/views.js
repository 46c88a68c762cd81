// The tabs of saved views: those that do not fit go into the menu; what is changed on the page is told to the tabs.
import { $, $$, ajax, narrow, view } from "./core.js";
import { openAt } from "./menus.js";

const bar = () => $("#views"), box = () => $("#results");
/** The address of what is looked at, for other addresses. */
export const here = () => new URL(box().dataset.here, location.href);

/** What is looked at is `url` from now on, though nothing of the list itself has to be loaded: tabs and address follow. */
export function become(url) {
  box().dataset.here = url.pathname + url.search;
  // A menu that was opened in the meantime stays open, with what was typed in it.
  ajax("GET", `${url.pathname}views/${url.search}`, { source: bar(), target: "#views", swap: "innerMorph" });
}

// Tabs that do not fit are hidden, never the one that is open; on a phone only that one is shown, and the menu has them all.
function fit() {
  const row = $(".vts", bar());
  if (!row) return;
  const tabs = $$(".vt", row);
  tabs.forEach((tab) => (tab.hidden = narrow() && !tab.hasAttribute("aria-current")));
  if (narrow()) return;
  for (const tab of tabs.reverse()) { if (row.scrollWidth <= row.clientWidth + 1) break; if (!tab.hasAttribute("aria-current")) tab.hidden = true; }
}
fit();
addEventListener("resize", fit);
document.addEventListener("htmx:after:swap", (event) => { if (event.detail.ctx.target?.id !== "results" || bar()) fit(); });

document.addEventListener("click", (event) => {
  const edit = event.target.closest("[data-vedit]"), set = event.target.closest("a[data-set]"), discard = event.target.closest("[data-discard]");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (edit) {
    event.preventDefault();
    const pop = $("#v-edit");
    $("#v-more").hidePopover();
    ajax("GET", edit.href, { source: pop, target: "#v-edit", swap: "innerHTML" }).then(() => openAt(pop, $("[popovertarget=v-more]")));
  }
  if (set) {
    // Links were drawn with the page; since then its filter may be another.
    const [name, value] = set.dataset.set.split("="), url = here();
    event.preventDefault();
    url.searchParams.set(name, value);
    if (name === "density" && !box().dataset.view) {
      // Of a list that is no saved view it is a habit of hers, for all lists.
      document.cookie = `density=${value};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
      document.documentElement.dataset.density = value;
      url.searchParams.delete(name);
    }
    if (name === "layout") { location.href = url.href; return; }
    $$(`a[data-set^="${name}="]`).forEach((other) => other.toggleAttribute("aria-current", other === set));
    view(url.href);
  }
  if (discard) document.cookie = `list=;path=${discard.dataset.discard};max-age=0`;
});
const again = () => become(here());
document.addEventListener("kith:starred", (event) => { if (event.detail.object === "objects.view") { $("#v-more")?.hidePopover(); again(); } });
document.addEventListener("kith:changed", (event) => { if (event.detail.object === "objects.view") again(); });
