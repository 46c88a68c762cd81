// Where the cards of a board stand: moves are told to the server one after another, and what it says of cards is laid in its place.
import "./base.js";
import { $, $$, ajax } from "./core.js";

export const board = () => $("x-board");
export const columnOf = (card) => card?.closest(".col");
export const cardsOf = (column) => $$(".dc", column);
/** The card of a record as it stands now: the server draws it anew at any time. */
export const cardOf = (id) => $$(".dc", board()).find((card) => card.dataset.id === String(id));
export const columnFor = (to) => $$(".col", board()).find((column) => column.dataset.to === to && column.dataset.rest === undefined);
/** `pressed`: the record under a button or a finger; `held`: the record that the list of columns is open for. */
export const hand = { pressed: null, held: null };

/** Tell the server; the card is where it will be. What is refused or lost goes back to its old place. Moves of one card go one after another. */
const sending = new Map();
export function send(card, to, home) {
  const { id } = card.dataset;
  card.classList.add("saving"); card.setAttribute("aria-busy", "true");
  const run = (sending.get(id) ?? Promise.resolve()).then(() => tell(cardOf(id) ?? card, to, home));
  sending.set(id, run);
  run.finally(() => { if (sending.get(id) === run) sending.delete(id); });
}
async function tell(card, to, home) {
  const base = card.closest("[data-base]")?.dataset.base ?? $("#results").dataset.base, here = new URL($("#results").dataset.here, location.href);
  here.searchParams.set("by", board().dataset.by);
  const path = `${base}${card.dataset.id}/move/`, url = `${path}${here.search}`;
  let failed = false;
  // The call resolves whatever came of it: only the events say that it failed.
  const no = (event) => { if (event.detail.ctx?.request?.action?.includes(path)) failed = true; };
  const names = ["htmx:error", "htmx:response:error"];
  for (const name of names) document.addEventListener(name, no);
  card.again = () => { const now = cardOf(card.dataset.id); if (now) put(now, columnFor(to)); };
  try { await ajax("POST", url, { source: card, target: "#k-in", swap: "none", values: { to, version: card.dataset.v } }); } catch { failed = true; }
  for (const name of names) document.removeEventListener(name, no);
  const now = cardOf(card.dataset.id) ?? card, focused = now.contains(document.activeElement) || document.activeElement === document.body;
  now.classList.remove("saving"); now.removeAttribute("aria-busy");
  if (!failed) return;
  home.list.insertBefore(now, home.next?.isConnected && home.next.parentNode === home.list ? home.next : null);
  if (focused) $("a", now).focus({ preventScroll: true });
}

/** Menu, key: the same way as a drop. */
export function put(card, column) {
  const home = { column: columnOf(card), list: card.parentNode, next: card.nextElementSibling };
  if (!column || column === home.column || column.dataset.rest !== undefined || card.dataset.fixed !== undefined) return;
  $(".cs", column).prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  $("a", card).focus({ preventScroll: true });
  send(card, column.dataset.to, home);
}

// The server says where cards belong: they go there, and the one that had the focus keeps it.
document.addEventListener("kith:placed", (event) => {
  // What is moved again at once is moved with the version that it has by now.
  for (const made of $$("#k-in .dc")) { const old = cardOf(made.dataset.id); if (old) old.dataset.v = made.dataset.v; }
  // The partial that brings the cards is swapped before or after this event: wait for it.
  requestAnimationFrame(() => settle(event.detail));
});
function settle({ places, ids }) {
  const fresh = $("#k-in");
  if (!fresh || !board()) return;
  for (const id of ids) {
    const made = $$(".dc", fresh).find((card) => card.dataset.id === String(id)), old = cardOf(id), place = places[id];
    const focused = old?.contains(document.activeElement);
    if (!place) { old?.remove(); made?.remove(); continue; }
    // While a move of it is under way the answer to that tells where it belongs.
    if (sending.has(String(id))) { made?.remove(); continue; }
    // Under somebody's hand it stays what it is, and is drawn anew when she lets go.
    if (old && (old.classList.contains("away") || hand.pressed === String(id) || (hand.held === String(id) && $("#m-move").matches(":popover-open")))) { made?.remove(); late.add(id); continue; }
    // Its own answer and the stream tell of one move, at times in one breath: what came first has laid the card where it belongs.
    if (!made) continue;
    const list = $(`#cs-${place.column}`);
    if (!list) { location.reload(); return; }
    const known = place.after && $$(".dc", list).find((card) => card.dataset.id === String(place.after) && card !== old);
    // No place among the first of its column: it stays where it is, or comes at the end; where there are more than are shown it is one of those.
    const far = place.after === undefined, more = $(".mc", list);
    if (far && old?.parentNode === list) old.replaceWith(made);
    else {
      old?.remove();
      if (known) known.after(made);
      else if (place.after === null) list.prepend(made);
      else if (!more) list.append(made);
      else if (far) made.remove();
      else more.before(made);
    }
    if (focused) { $("a", made).focus({ preventScroll: true }); made.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  }
}
const late = new Set();
function fetchCards(ids) { ajax("GET", `${board().dataset.cards}&ids=${ids.join(",")}`, { source: board(), target: "#k-in", swap: "none" }); }
export function letGo() { if (late.size && board()) fetchCards([...late]); late.clear(); }
document.addEventListener("kith:changed", (event) => {
  const { object, ids, by, gone } = event.detail, box = board();
  if (!box || object !== $("#results").dataset.object || by === "board" || by === "run") return;
  if (ids.length > 50) { location.reload(); return; }
  if (gone) ids.forEach((id) => cardOf(id)?.remove());
  fetchCards(ids);
});
document.addEventListener("kith:live", (event) => {
  const { object, ids, gone } = event.detail;
  if (!board() || object !== $("#results").dataset.object) return;
  for (const id of gone) cardOf(id)?.remove();
  const some = ids.filter((id) => !sending.has(String(id))).slice(0, 50);
  if (some.length) fetchCards(some);
});
// A move needs something more: the form of it opens, and the card waits in its old place.
document.addEventListener("kith:ask", (event) => {
  const link = document.createElement("a");
  link.href = event.detail.url; link.dataset.dialog = ""; link.hidden = true;
  $("#results").append(link); link.click(); link.remove();
});
document.addEventListener("kith:changed", (event) => { if (["board", "day"].includes(event.detail.by)) $("dialog.dlg[open]")?.close(); });
