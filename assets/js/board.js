// <x-board>: cards move by mouse, by a long press, by Alt and an arrow, or through the list of columns. The server owns totals and order.
import "./base.js";
import { board, cardOf, cardsOf, columnFor, columnOf, hand, letGo, put, send } from "./cards.js";
import { $, $$, covered, narrow, rtl } from "./core.js";
import { openAt } from "./menus.js";
import "./filters.js";
import "./views.js";

class Board extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", (event) => this.down(event));
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("click", (event) => { if (this.dropped) { event.preventDefault(); event.stopPropagation(); } }, true);
    const dots = $(".sdots", this.parentNode);
    if (narrow() && dots) {
      const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
        if (entry.isIntersecting) for (const pill of $$("a", dots)) {
          const on = pill.hash === `#${entry.target.id}`;
          if (on) { pill.setAttribute("aria-current", "true"); dots.scrollTo({ left: pill.offsetLeft - (dots.offsetWidth - pill.offsetWidth) / 2 }); } else pill.removeAttribute("aria-current");
        }
      }), { root: this, threshold: 0.6 });
      $$(".col", this).forEach((column) => seen.observe(column));
    }
    dots?.addEventListener("click", (event) => { const pill = event.target.closest("a"); if (pill) { event.preventDefault(); $(pill.hash)?.scrollIntoView({ inline: "center", block: "nearest" }); } });
    watch();
  }
  down(event) {
    const card = event.target.closest(".dc");
    if (!card || card.dataset.fixed !== undefined || event.button || event.target.closest("button,.mb")) return;
    const touch = event.pointerType !== "mouse", x0 = event.clientX, y0 = event.clientY;
    let on = false, timer = 0;
    const ending = new AbortController(), with_ = { signal: ending.signal };
    hand.pressed = card.dataset.id;
    const end = () => { clearTimeout(timer); ending.abort(); hand.pressed = null; if (!on) letGo(); };
    const start = () => { on = true; this.lift(card, x0, y0); if (touch) navigator.vibrate?.(8); };
    // What the finger has done by then is heard first: on a slow phone a swipe may wait behind the timer, and is no press.
    if (touch) timer = setTimeout(() => requestAnimationFrame(() => { if (!ending.signal.aborted) start(); }), 240);
    addEventListener("pointermove", (move) => {
      const far = Math.hypot(move.clientX - x0, move.clientY - y0);
      // A finger that moves before the card was lifted scrolls.
      if (!on) { if (touch) { if (far > 8) end(); return; } if (far < 5) return; start(); }
      this.drag(move.clientX, move.clientY);
    }, with_);
    addEventListener("pointerup", () => { end(); if (on) this.drop(); }, with_);
    addEventListener("pointercancel", () => { end(); if (on) this.cancel(); }, with_);
    addEventListener("touchmove", (move) => { if (on) move.preventDefault(); }, { ...with_, passive: false });
    addEventListener("keydown", (key) => { if (on && key.key === "Escape") { key.preventDefault(); key.stopPropagation(); end(); this.cancel(true); } }, { ...with_, capture: true });
    addEventListener("contextmenu", (menu) => { if (touch) menu.preventDefault(); }, with_);
  }
  lift(card, x, y) {
    const box = card.getBoundingClientRect();
    this.card = card; this.home = { column: columnOf(card), list: card.parentNode, next: card.nextElementSibling };
    this.off = [x - box.left, y - box.top];
    this.ghost = document.createElement("li"); this.ghost.className = "ghost"; this.ghost.style.blockSize = `${box.height}px`;
    card.before(this.ghost);
    // A likeness floats, and the card itself stays where the finger began: taken out of the page it would end its own touch.
    this.float = card.cloneNode(true); this.float.classList.add("lift"); this.float.setAttribute("aria-hidden", "true");
    this.float.style.inlineSize = `${box.width}px`; this.float.style.left = this.float.style.top = "0";
    document.body.append(this.float);
    card.classList.add("away");
    document.body.classList.add("dragging");
    this.drag(x, y);
    this.frame = requestAnimationFrame(() => this.edges());
  }
  drag(x, y) {
    this.at = [x, y];
    this.float.style.translate = `${x - this.off[0]}px ${y - this.off[1]}px`;
    const under = document.elementFromPoint(x, y), zone = under?.closest(".dz"), column = under?.closest(".col");
    const over = zone ?? column;
    for (const other of $$(".over", this)) if (other !== over) other.classList.remove("over");
    this.zone = zone;
    if (!over || (column && !this.takes(column))) { this.over = null; return; }
    over.classList.add("over"); this.over = over;
    if (!column) return;
    const list = $(".cs", column), cards = cardsOf(column).filter((card) => card !== this.card);
    // Where it will be: at the top, where what was changed last comes first, else where the server's order puts it.
    const top = this.dataset.top !== undefined && column !== this.home.column;
    const next = top ? cards[0] : column === this.home.column ? this.home.next : cards.find((card) => { const box = card.getBoundingClientRect(); return y < box.top + box.height / 2; });
    const before = next?.isConnected ? next : $(".mc", list);
    if (this.ghost.parentNode !== list || this.ghost.nextElementSibling !== before) list.insertBefore(this.ghost, before ?? null);
  }
  takes(column) { return column.dataset.rest === undefined || column === this.home.column; }
  edges() {
    if (!this.ghost) return;
    const [x, y] = this.at, box = this.getBoundingClientRect(), sideways = x < box.left + 50 ? -9 : x > box.right - 50 ? 9 : 0;
    if (sideways) this.scrollLeft += sideways;
    const list = this.ghost.parentNode, inside = list.getBoundingClientRect(), down = y < inside.top + 40 ? -7 : y > inside.bottom - 40 ? 7 : 0;
    if (down && inside.height) list.scrollTop += down;
    if (narrow()) { const page = y < 90 ? -7 : y > innerHeight - 110 ? 7 : 0; if (page) scrollBy(0, page); }
    this.frame = requestAnimationFrame(() => this.edges());
  }
  /** `pressed`: the button is still down, and letting it go later is no click either. */
  end(pressed = false) {
    cancelAnimationFrame(this.frame);
    this.card.classList.remove("away");
    this.float.remove(); this.ghost.remove(); this.ghost = null;
    document.body.classList.remove("dragging");
    for (const other of $$(".over", this)) other.classList.remove("over");
    this.dropped = true;
    letGo();
    const over = () => setTimeout(() => (this.dropped = false), 60);
    if (pressed) for (const name of ["pointerup", "pointercancel"]) addEventListener(name, over, { once: true }); else over();
  }
  cancel(pressed = false) { const { card } = this; this.end(pressed); $("a", card).focus({ preventScroll: true }); }
  drop() {
    const { card, home, over, ghost } = this, before = ghost.nextElementSibling, list = ghost.parentNode;
    const to = over?.dataset.to;
    this.end();
    if (over === null || over === undefined || (over === home.column)) return;
    const column = over.matches(".col") ? over : columnFor(to);
    if (column === home.column) return;
    if (over.matches(".col")) list.insertBefore(card, before?.isConnected ? before : null);
    else if (column) $(".cs", column).prepend(card);
    else card.remove();
    send(card, to, home);
  }
}

// The list of columns, and the keys. Arrows walk the cards, with Alt they move them; both follow the reading direction.
document.addEventListener("click", (event) => {
  const open = event.target.closest("x-board [data-move]");
  if (open && !event.ctrlKey && !event.metaKey) { event.preventDefault(); menu(open.closest(".dc")); return; }
  const choice = event.target.closest("#m-move [data-to]");
  if (choice && hand.held) {
    const card = cardOf(hand.held);
    $("#m-move").hidePopover();
    if (card) put(card, columnFor(choice.dataset.to));
  }
});
function menu(card) {
  if (!card || card.dataset.fixed !== undefined) return;
  hand.held = card.dataset.id;
  const list = $("#m-move"), now = columnOf(card).dataset.to;
  for (const item of $$("[data-to]", list)) { if (item.dataset.to === now) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current"); }
  openAt(list, $("[data-move]", card));
}
document.addEventListener("toggle", (event) => {
  if (event.target.id !== "m-move" || event.newState !== "closed" || !board()) return;
  letGo();
  const card = cardOf(hand.held);
  if (card && [document.body, null].includes(document.activeElement)) $("a", card).focus({ preventScroll: true });
}, true);
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("x-board .dc");
  if (!card || covered() || event.ctrlKey || event.metaKey || event.target.closest("button")) return;
  if (event.key.toLowerCase() === "m" && !event.altKey) { event.preventDefault(); event.stopPropagation(); menu(card); return; }
  const sideways = ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0) * (rtl() ? -1 : 1), down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  if (!sideways && !down) return;
  event.preventDefault(); event.stopPropagation();
  const columns = $$(".col", board()), here = columnOf(card), at = columns.indexOf(here);
  if (event.altKey) { if (sideways) put(card, columns[at + sideways]); return; }
  const go = (to) => { if (to) { to.scrollIntoView({ block: "nearest", inline: "nearest" }); $("a", to).focus({ preventScroll: true }); } };
  const mine = cardsOf(here), row = mine.indexOf(card);
  if (down) { go(mine[row + down]); return; }
  for (let next = at + sideways; columns[next]; next += sideways) {
    const cards = cardsOf(columns[next]);
    if (cards.length) { go(cards[Math.min(row, cards.length - 1)]); return; }
  }
}, true);

// The next cards of a column come when its end is in sight.
const sight = new IntersectionObserver((entries) => entries.forEach((entry) => { if (entry.isIntersecting) { sight.unobserve(entry.target); entry.target.click(); } }), { rootMargin: "200px" });
function watch() { $$("[data-cards-more]:not([data-watched])").forEach((link) => { link.dataset.watched = "1"; sight.observe(link); }); }
document.addEventListener("htmx:after:swap", watch);
document.addEventListener("click", (event) => { if (event.target.closest("[data-cards-more]")) event.preventDefault(); });
// Last: what is on the page already comes to life here, and uses all of the above.
customElements.define("x-board", Board);
