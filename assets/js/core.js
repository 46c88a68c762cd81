// What every module uses: look-ups, direction, sentences from the server, one way to ask it for parts of the page.
import "./trusted.js";
import htmx from "htmx.org";
import { going } from "./order.js";

export { htmx };
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const rtl = () => document.documentElement.dir === "rtl";
const sentences = JSON.parse(document.documentElement.dataset.spoken || "{}");
/** A sentence that the server gave along, in the language of the page. */
export const spoken = (key) => sentences[key] ?? "";
export const say = (text) => { const box = $("#say"); if (!box) return; box.textContent = ""; requestAnimationFrame(() => (box.textContent = text)); };
export const typing = (event) => event.target.closest?.("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable=true]");
/** The letter of a key on any keyboard: where Latin letters are not, its place on the keyboard tells. */
export const letter = (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key.length > 1 || /[ -~]/.test(key)) return key;
  const at = event.code ?? "";
  return /^Key[A-Z]$/.test(at) ? at.at(-1).toLowerCase() : at === "Slash" ? (event.shiftKey ? "?" : "/") : key;
};
const keymap = JSON.parse(document.documentElement.dataset.keymap || "{}");
/** The single key of the house that was pressed, whichever key somebody has chosen for it; "" for one that means nothing to her. */
export const pressed = (event) => { const key = letter(event); return key.length > 1 || key === " " ? key : keymap.off ? "" : keymap[key] ?? key; };
/** Whether something lies over the page that keys belong to. */
export const covered = () => Boolean($("dialog[open],#cmd:popover-open,.menu:popover-open"));
/** Ask the server; the status of its answer, 0 when there is none yet. Requests of one `source` wait for each other, and htmx keeps only
    the first that waits unless it is told otherwise: of what is read the last one counts, of what is written every one. */
export async function ajax(method, url, { sync, ...options }) {
  const told = { status: 0 }, from = typeof options.source === "string" ? $(options.source) : options.source;
  from?.setAttribute("hx-sync", sync ?? (method === "GET" ? "queue last" : "queue all"));
  await htmx.ajax(method, url, { ...options, told });
  return told.status;
}
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => { if (ctx.told) ctx.told.status = ctx.response.status; });
export const narrow = () => matchMedia("(width < 760px)").matches;

/** Load the list part of `url` and let the address say it. */
export function view(url) {
  const results = $("#results");
  if (!results) { location.href = url; return; }
  // What the new address does not search for stands in the box no longer.
  const q = $("#q");
  if (q) q.value = new URL(url, location.href).searchParams.get("q") ?? "";
  show(url);
}
const show = (url) => ajax("GET", url, { source: $("#results"), target: "#results", swap: "outerHTML", sync: "replace" });
/** What is shown, as it is by now; whoever is on her way to something else gets that. */
export function renew() { if (!going()) show($("#results").dataset.here); }

// A thin bar at the top, only for requests that last.
let busy = 0;
document.addEventListener("htmx:before:request", () => { if (++busy === 1) document.documentElement.classList.add("loading"); });
document.addEventListener("htmx:finally:request", () => { busy = Math.max(0, busy - 1); if (!busy) document.documentElement.classList.remove("loading"); });

// Links that change the view stay on the page; with a modifier they are ordinary links.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.button || (event.shiftKey && !link.dataset.add)) return;
  event.preventDefault();
  // With Shift, a header is sorted by besides what sorts already.
  if (event.shiftKey) { view(link.dataset.add); return; }
  if (link.closest("#results, #chips, .empty")) view(link.href); else location.href = link.href;
});

// What changed is named by the answer; regions that show such records load themselves anew.
document.addEventListener("kith:changed", (event) => {
  for (const region of $$("[data-refresh]")) {
    if (region.dataset.refresh.split(" ").includes(event.detail.object)) ajax("GET", region.dataset.url, { source: region, target: region, swap: "innerHTML" });
  }
});
