// Where the cards of a board stand: moves are told to the server one after another, and what it says of cards is laid in its place.
import "./base.js";
import { $, $$, ajax, renew } from "./core.js";
import { lay, part } from "./parts.js";

export const board = () => $("x-board");
export const columnOf = (card) => card?.closest(".col");
export const cardsOf = (column) => $$(".dc", column);
/** The card of a record as it stands now: the server draws it anew at any time. */
export const cardOf = (id) => $$(".dc", board()).find((card) => card.dataset.id === String(id));
export const columnFor = (to) => $$(".col", board()).find((column) => column.dataset.to === to && column.dataset.rest === undefined);
/** `pressed`: the record under a button or a finger; `held`: the record that the list of columns is open for. */
export const hand = { pressed: null, held: null };
const focus = (card) => $("a", card)?.focus({ preventScroll: true });

// ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Moves go to the server in the order in which they were made, so that each answer says what all before it came to. How many of a record wait for theirs. */
const moving = new Map();
let line = Promise.resolve();
/** Tell the server; the card is where it will be. What is refused or lost goes back to its old place. */
export function send(card, to, home) {
  const { id } = card.dataset;
  card.classList.add("saving"); card.setAttribute("aria-busy", "true");
  moving.set(id, (moving.get(id) ?? 0) + 1);
  line = line.then(() => tell(cardOf(id) ?? card, to, home));
}
async function tell(card, to, home) {
  const { id } = card.dataset, { base, here } = $("#results").dataset, url = new URL(here, location.href);
  url.searchParams.set("by", board().dataset.by);
  card.again = () => { const now = cardOf(id); if (now) put(now, columnFor(to)); };
  let status = 0;
  try { status = await ajax("POST", `${base}${id}/move/${url.search}`, { source: card.isConnected ? card : $("#k-in"), target: "#k-in", swap: "none", values: { to, version: card.dataset.v } }); } catch { /* said by what listens to errors */ }
  const left = moving.get(id) - 1, now = cardOf(id) ?? card;
  if (left) moving.set(id, left); else { moving.delete(id); now.classList.remove("saving"); now.removeAttribute("aria-busy"); }
  // Only what the server took has moved: an answer without a word is none.
  if (status === 200) return;
  if (!left && home.list.isConnected) {
    const focused = now.contains(document.activeElement) || document.activeElement === document.body;
    home.list.insertBefore(now, home.next?.isConnected && home.next.parentNode === home.list ? home.next : null);
    if (focused) focus(now);
  }
  // It may have been done and only its answer was lost: the server knows.
  refresh([id]);
}

/** Menu, key: the same way as a drop. */
export function put(card, column) {
  const home = { column: columnOf(card), list: card.parentNode, next: card.nextElementSibling };
  if (!column || column === home.column || column.dataset.rest !== undefined || card.dataset.fixed !== undefined) return;
  $(".cs", column).prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  focus(card);
  send(card, column.dataset.to, home);
}

// ── what the server says ─────────────────────────────────────────────────────────────────────────────────────────────

const waiting = new Set(), late = new Set();
let reading = false;
/** Draw some cards anew as they are by now, and the heads of all columns. */
async function refresh(ids) {
  for (const id of ids) waiting.add(String(id));
  if (reading) return;
  reading = true;
  while (waiting.size && board()) {
    const here = board(), some = [...waiting].slice(0, 50);
    for (const id of some) waiting.delete(id);
    const told = await part(`${here.dataset.cards}&ids=${some.join(",")}`);
    if (!told || board() !== here) {
      for (const id of some) waiting.add(id);
      if (told) continue; else break; // without an answer they wait for the next time
    }
    for (const piece of $$("template[hx-target]", told)) {
      const box = $(piece.getAttribute("hx-target"));
      if (box?.id === "k-in") settle(piece.content, some);
      else if (box) lay(box, box.matches(".ch") ? piece.content.firstElementChild : piece.content);
    }
  }
  reading = false;
}
export function letGo() { const ids = [...late]; late.clear(); if (ids.length) refresh(ids); }

/** Lay cards where they belong; those of `ids` that were not brought are not in this view any more. */
function settle(from, ids) {
  const brought = $$(".dc", from);
  for (const id of ids) if (!brought.some((card) => card.dataset.id === id)) leave(id);
  // In the order in which they stand: each finds the one that it follows.
  brought.forEach(place);
}
/** Under somebody's hand a card stays what it is, and is drawn anew when she lets go. */
function inHand(card) {
  const { id } = card.dataset;
  const yes = card.classList.contains("away") || hand.pressed === id || (hand.held === id && $("#m-move").matches(":popover-open"));
  if (yes) late.add(id);
  return yes;
}
function leave(id) {
  const old = cardOf(id);
  if (!old || inHand(old)) return;
  const beside = old.contains(document.activeElement) && (old.nextElementSibling ?? old.previousElementSibling);
  old.remove();
  if (beside) focus(beside);
}
function place(made) {
  const { id, v, column, after } = made.dataset, old = cardOf(id), list = $(`#cs-${column}`), version = () => { old.dataset.v = v; };
  made.remove();
  if (!list) { renew(); return; }
  if (old && Number(old.dataset.v) > Number(v)) return;
  // It was moved on meanwhile: the answer to that tells where it belongs.
  if (moving.get(id) > 1) { if (old) version(); return; }
  if (old && inHand(old)) { if (old.parentNode === list) version(); return; }
  const focused = old?.contains(document.activeElement), known = Number(after) && $$(".dc", list).find((card) => card.dataset.id === after && card !== old);
  // What looks as before stays what it is, under a mouse or a reader's eye.
  const same = old?.className === made.className && old.childNodes.length === made.childNodes.length
    && [...old.childNodes].every((node, i) => node.isEqualNode(made.childNodes[i])), card = same ? old : made;
  if (same) version();
  // No place among the first of its column: it stays where it is, or comes at the end; where there are more than are shown it is one of those.
  const far = after === undefined, more = $(".mc", list);
  const next = far && old?.parentNode === list ? old : known ? known.nextElementSibling : after === "0" ? list.firstElementChild : more;
  if (far && more && next !== old) { old?.remove(); return; }
  if (next === card) return;
  list.insertBefore(card, next);
  if (!same) old?.remove();
  if (focused) { focus(card); card.scrollIntoView({ block: "nearest", inline: "nearest" }); }
}
// The next cards of a column were read before one of them came up here.
document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  for (const { target, fragment } of tasks) if (target?.matches?.(".mc")) for (const card of $$(".dc", fragment)) if (cardOf(card.dataset.id)) card.remove();
});
document.addEventListener("kith:changed", ({ detail: { object, ids, by } }) => {
  if (!board() || object !== $("#results").dataset.object || by === "run") return;
  if (by !== "board") { refresh(ids); return; }
  $("dialog.dlg[open]")?.close();
  settle($("#k-in"), ids.map(String));
});
document.addEventListener("kith:live", ({ detail: { object, ids, gone, more } }) => {
  if (board() && object === $("#results").dataset.object) refresh([...ids, ...gone, ...(more ? $$(".dc", board()).map((card) => card.dataset.id) : [])]);
});
// A move needs something more: the form of it opens, and the card waits in its old place.
document.addEventListener("kith:ask", (event) => {
  const link = document.createElement("a");
  link.href = event.detail.url; link.dataset.dialog = ""; link.hidden = true;
  $("#results").append(link); link.click(); link.remove();
});
