// The one entry. A module is loaded only where its hook is on the page.
import "./core.js";
import "./menus.js";
import "./toasts.js";
import "./keys.js";
import "./command.js";
import "./preferences.js";

const on = (selector) => document.querySelector(selector);
const asked = [];
const load = (...modules) => asked.push(...modules);
if (on("[data-grid]")) load(import("./grid.js"), import("./filters.js"), import("./bulk.js"), import("./columns.js"));
if (on("[data-check-all]")) load(import("./trash.js"));
if (on("[data-record], #peek")) load(import("./record.js"));
if (on("form[data-form], [data-combo], [data-new]")) load(import("./form.js"));
if (on("[data-copy]")) load(import("./label.js"));
if (on("[data-export]")) load(import("./export.js"));
if (on("[data-show], [data-passkey], [data-copy]")) load(import("./door.js"));
if (on("[data-import]")) load(import("./import.js"));
if (on("[data-personal]")) load(import("./personal.js"));
if (on("[data-grid], [data-record], #peek, form[data-form], [data-new], [data-pick]")) load(import("./month.js"));
// From here on every key and click is heard: whoever drives a page waits for this mark.
Promise.allSettled(asked).then(() => { document.documentElement.dataset.ready = ""; });
