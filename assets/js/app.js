// The one entry. A module is loaded only where its hook is on the page.
import "./core.js";
import "./menus.js";
import "./network.js";
import "./toasts.js";
import "./offline.js";
import "./keys.js";
import "./command.js";
import "./preferences.js";

const on = (selector) => document.querySelector(selector);
const asked = [];
const load = (...modules) => asked.push(...modules);
if (on("#favs")) load(import("./side.js"));
if (on("[data-grid]")) load(import("./grid.js"), import("./filters.js"), import("./bulk.js"), import("./columns.js"), import("./back.js"));
if (on("[data-merge]")) load(import("./merge.js"));
if (on("[data-calendar]")) load(import("./calendar.js"), import("./filters.js"));
if (on("x-board")) load(import("./board.js"), import("./filters.js"));
if (on("#views")) load(import("./views.js"));
if (on("[data-check-all]")) load(import("./trash.js"));
if (on("#inbox")) load(import("./inbox.js"));
const forms = () => import("./form.js");
// What comes with a part of the page is fetched when the part is there: a record beside a list, a form in a dialog.
const parts = () => {
  if (on("[data-record]")) load(import("./record.js"), import("./composer.js"));
  if (on("form[data-form], [data-combo]")) load(forms());
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
if (on("[data-copy]")) load(import("./label.js"));
if (on("[data-export]")) load(import("./export.js"));
if (on("[data-show], [data-passkey], [data-copy]")) load(import("./door.js"));
if (on("[data-import]")) load(import("./import.js"));
if (on("[data-define]")) load(import("./define.js"));
if (on("[data-personal]")) load(import("./personal.js"));
if (on("[data-grid], [data-record], #peek, form[data-form], [data-new], [data-pick]")) load(import("./month.js"));
if (on("#results[data-object], [data-record], [data-live]")) load(import("./live.js"));
if (on(".page[data-waits]")) load(import("./waiting.js"));
// From here on every key and click is heard: whoever drives a page waits for this mark.
Promise.allSettled(asked).then(() => { document.documentElement.dataset.ready = ""; });
