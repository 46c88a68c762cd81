// Favourites in the sidebar: dragged into order, or moved with Alt and an arrow; a star anywhere draws them anew.
import { $, $$, ajax } from "./core.js";

const place = $("#favs");
const list = () => $("[data-favs]", place);
const rows = () => $$("[data-fav]", place);
const send = (values) => ajax("POST", list().dataset.favs, { source: place, target: "#favs", swap: "innerHTML", values });
const keep = () => send({ order: rows().map((row) => row.dataset.fav).join() });

document.addEventListener("kith:starred", () => place && ajax("GET", "/favourites/", { source: place, target: "#favs", swap: "innerHTML" }));

let held = null, start = 0, moved = false, before = "";
place?.addEventListener("pointerdown", (event) => {
  const row = event.target.closest("[data-fav]");
  if (!row || event.button || event.pointerType === "touch") return;
  held = row; start = event.clientY; moved = false; before = rows().map((one) => one.dataset.fav).join();
});
addEventListener("pointermove", (event) => {
  if (!held) return;
  if (!moved && Math.abs(event.clientY - start) < 5) return;
  moved = true; held.classList.add("held");
  const over = rows().find((row) => { const at = row.firstElementChild.getBoundingClientRect(); return event.clientY >= at.top && event.clientY <= at.bottom; });
  if (!over || over === held) return;
  const at = over.firstElementChild.getBoundingClientRect();
  if (event.clientY > at.top + at.height / 2) over.after(held); else over.before(held);
});
const drop = (cancelled) => {
  if (!held) return;
  const row = held; held = null; row.classList.remove("held");
  if (!moved) return;
  if (cancelled) { before.split(",").forEach((key) => { const one = rows().find((other) => other.dataset.fav === key); if (one) list().append(one); }); return; }
  // The click that ends a drag is not a visit.
  addEventListener("click", (event) => { if (event.target.closest("[data-fav]")) { event.preventDefault(); event.stopPropagation(); } }, { capture: true, once: true });
  if (before !== rows().map((one) => one.dataset.fav).join()) keep();
};
addEventListener("pointerup", () => drop(false));
addEventListener("pointercancel", () => drop(true));
place?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) { drop(true); return; }
  const row = event.target.closest("[data-fav]");
  if (!row || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault(); event.stopPropagation();
  if (event.key === "ArrowUp") row.previousElementSibling?.before(row); else row.nextElementSibling?.after(row);
  $("a", row).focus();
  keep();
});
// Drawn anew, whatever had the focus has it still.
let focused = "";
document.addEventListener("htmx:before:swap", () => { focused = (place?.contains(document.activeElement) && document.activeElement.closest("[data-fav]")?.dataset.fav) || ""; });
document.addEventListener("htmx:after:swap", () => { if (focused && !place.contains(document.activeElement)) rows().find((row) => row.dataset.fav === focused)?.firstElementChild.focus(); });
