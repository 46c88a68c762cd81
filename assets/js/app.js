// The one entry. A module is loaded only where its hook is on the page.
import "./core.js";
import "./menus.js";
import "./network.js";
import "./toasts.js";
import "./offline.js";
import "./keys.js";
import "./command.js";
import "./preferences.js";
if (document.querySelector("#favs")) import("./side.js");

const on = (selector) => document.querySelector(selector);
if (on("[data-grid]")) { import("./grid.js"); import("./filters.js"); import("./bulk.js"); import("./columns.js"); import("./back.js"); }
if (on("[data-merge]")) import("./merge.js");
if (on("[data-calendar]")) { import("./calendar.js"); import("./filters.js"); }
if (on("x-board")) { import("./board.js"); import("./filters.js"); }
if (on("#views")) import("./views.js");
if (on("[data-check-all]")) import("./trash.js");
if (on("#inbox")) import("./inbox.js");
const forms = () => import("./form.js");
// What comes with a part of the page is fetched when the part is there: a record beside a list, a form in a dialog.
const parts = () => {
  if (on("[data-record]")) { import("./record.js"); import("./composer.js"); }
  if (on("form[data-form], [data-combo]")) forms();
};
parts();
document.addEventListener("htmx:after:swap", parts);
document.addEventListener("click", function first(event) {
  const link = event.target.closest("a[data-new],a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  document.removeEventListener("click", first, true);
  event.preventDefault(); event.stopPropagation();
  forms().then(() => { if (!link.isConnected) document.body.append(link); link.click(); }, () => { location.href = link.href; });
}, true);
if (on("[data-copy]")) import("./label.js");
if (on("[data-export]")) import("./export.js");
if (on("[data-show], [data-passkey], [data-copy]")) import("./door.js");
if (on("[data-import]")) import("./import.js");
if (on("[data-define]")) import("./define.js");
if (on("[data-personal]")) import("./personal.js");
if (on("[data-grid], [data-record], #peek, form[data-form], [data-new], [data-pick]")) import("./month.js");
if (on("#results[data-object], [data-record], [data-live]")) import("./live.js");
if (on(".page[data-waits]")) import("./waiting.js");
