// Parts of pages, fetched beside htmx and laid into the page piece by piece, so that nothing moves that somebody is in the middle of.
import { $, htmx } from "./core.js";
import { current } from "./order.js";

/** The part at `url` as an inert document; null when it did not come. */
export async function part(url) {
  const told = await current(async () => {
    const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": location.href } }).catch(() => null);
    return answer?.status === 200 ? answer.text().catch(() => null) : null;
  });
  // Rows of a table live only in templates; a parser drops them anywhere else.
  return told === null ? null : new DOMParser().parseFromString(told.replaceAll("<hx-partial", "<template").replaceAll("</hx-partial>", "</template>"), "text/html");
}

/** Put what `next` holds into `box`, if that differs; whether it did. */
export function lay(box, next) {
  const [was, is] = [box, next].map((one) => one.innerHTML);
  if (was === is) return false;
  const ticked = $("input[name=ids]", box)?.checked;
  box.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  if (ticked) $("input[name=ids]", box).checked = true;
  htmx.process(box);
  return true;
}

/** Let somebody see what has just changed, for a moment. */
export function light(box) {
  box.classList.add("lit");
  box.addEventListener("animationend", () => box.classList.remove("lit"), { once: true });
}

// A cell, a fact or a note that is being edited; an entry of the timeline has a `.now`, too.
const HELD = "td.ed,[data-fact].now,[data-editing]";
/** Whether somebody is just writing inside of `box`. */
export const inHand = (box) => box.matches(HELD) || Boolean(box.querySelector(HELD)) || (box.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]),textarea,select"));
