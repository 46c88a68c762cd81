// The bar over selected rows. The records chosen are added to whatever form is sent.
import { $, $$, ajax } from "./core.js";
import { chosen, everything } from "./select.js";

document.addEventListener("htmx:config:request", (event) => {
  const ctx = event.detail.ctx, form = ctx.sourceElement;
  if (!form?.matches?.("form[data-bulk]")) return;
  const body = ctx.request.body;
  if (everything) {
    body.set("all", "1");
    for (const input of $$("#state input, #q")) body.set(input.name, input.value);
  } else chosen().forEach((id) => body.append("ids", id));
});
document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-bulk-edit]"), field = event.target.closest("[data-bulk-field]");
  const url = open?.dataset.bulkEdit ?? field?.dataset.bulkField;
  if (url) ajax("GET", url, { source: $("#f-bulk"), target: "#f-bulk", swap: "innerHTML" }).then(() => $("input:not([type=hidden]),select,textarea,.mi", $("#f-bulk"))?.focus());
});
document.addEventListener("kith:changed", () => { const menu = $("#f-bulk"); if (menu?.matches(":popover-open")) menu.hidePopover(); });
// Of the list that leaves as a file, whose address was just made, only what is chosen.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-chosen]");
  if (link && !everything) link.href += `&only=${chosen().join(",")}`;
});
