// The one entry. A module is loaded only where its hook is on the page.
import "./base.js";

const on = (selector) => document.querySelector(selector);
const asked = [];
const load = (...modules) => asked.push(...modules);
// A screen's modules come in one file, with what they share with other screens in a second.
if (on("[data-grid]")) load(import("./table.js"));
if (on("[data-calendar]")) load(import("./calendar.js"));
if (on("x-board")) load(import("./board.js"));
if (on("[data-check-all]")) load(import("./trash.js"));
if (on("#inbox")) load(import("./inbox.js"));
const forms = () => import("./form.js");
// What comes with a part of the page is fetched when the part is there: a record beside a list, a form in a dialog.
const parts = () => {
  if (on("[data-record]")) load(import("./record.js"));
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
if (on("[data-show], [data-passkey], [data-copy]")) load(import("./door.js"));
if (on("[data-import]")) load(import("./import.js"));
if (on("[data-define]")) load(import("./define.js"));
if (on("form[data-saves]")) load(import("./saving.js"));
if (on("[data-personal]")) load(import("./personal.js"));
if (on(".page[data-waits]")) load(import("./waiting.js"));
// From here on every key and click is heard: whoever drives a page waits for this mark.
Promise.allSettled(asked).then(() => { document.documentElement.dataset.ready = ""; });
