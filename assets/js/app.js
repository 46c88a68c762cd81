// The one entry. A module is loaded only where its hook is on the page.
import "./core.js";
import "./menus.js";
import "./toasts.js";
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
if (on("[data-record], #peek")) { import("./record.js"); import("./composer.js"); }
if (on("#inbox")) import("./inbox.js");
if (on("form[data-form], [data-combo], [data-new]")) import("./form.js");
if (on("[data-copy]")) import("./label.js");
if (on("[data-export]")) import("./export.js");
if (on("[data-show], [data-passkey], [data-copy]")) import("./door.js");
if (on("[data-import]")) import("./import.js");
if (on("[data-define]")) import("./define.js");
if (on("[data-personal]")) import("./personal.js");
if (on("[data-grid], [data-record], #peek, form[data-form], [data-new], [data-pick]")) import("./month.js");
if (on("[data-grid], [data-record], [data-live]")) import("./live.js");
