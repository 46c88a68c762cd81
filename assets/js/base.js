// What every page has. Each module that is fetched later imports it too: so it is one file over the wire, and not one
// for every set of modules that shares a part of it.
import "./core.js";
import "./menus.js";
import "./network.js";
import "./toasts.js";
import "./offline.js";
import "./keys.js";
import "./command.js";
import "./preferences.js";
import "./side.js";
import "./month.js";
import "./live.js";
import "./export.js";
