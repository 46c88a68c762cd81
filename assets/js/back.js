// Whoever comes back to a list finds it as she left it: as many rows, the same place, the same selection.
import { $, $$, narrow } from "./core.js";
import { again, chosen, everything } from "./select.js";

const box = () => $("[data-grid]"), name = () => `list:${location.pathname}${location.search}`;
const rows = () => $$("tbody tr[data-id]", box());
const scroller = () => (narrow() ? document.scrollingElement : box());

addEventListener("pagehide", () => {
  if (!box()) return;
  const { scrollTop: top, scrollLeft: left } = scroller();
  try { sessionStorage.setItem(name(), JSON.stringify({ top, left, n: rows().length, ids: chosen(), all: everything, at: document.activeElement?.closest?.("tr[data-id]")?.id })); } catch { /* full, or not allowed */ }
});

const left = JSON.parse(sessionStorage.getItem(name()) ?? "null");
if (left && performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
  const put = () => {
    scroller().scrollTo(left.left, left.top);
    if (left.ids.length || left.all) again(left.ids, left.all);
    if (left.at) $("td[tabindex]", document.getElementById(left.at) ?? undefined)?.focus({ preventScroll: true });
  };
  // Rows come by themselves on sight: going down brings them until there are as many as before.
  const more = () => { const next = $("[data-more]"); if (rows().length < left.n && next) { next.scrollIntoView({ block: "end" }); return; } document.removeEventListener("htmx:after:swap", more); put(); };
  document.addEventListener("htmx:after:swap", more);
  more();
}
