// What came into somebody's inbox: the number in the sidebar is right on every page, and the open inbox has it at its top.
import "./base.js";
import { $, $$, htmx, say } from "./core.js";
import { inHand, lay, light, part } from "./parts.js";

/** Let the sidebar say how many are unread, as the inbox in `box` counts them. */
export function count(box) {
  const pill = $("template", box)?.content.firstElementChild, there = $("#unread");
  if (pill && there && there.innerHTML !== pill.innerHTML) there.replaceWith(document.importNode(pill, true));
}
const upto = (item) => $("[name=upto]", item)?.value;

// Many may come at once, as when somebody's work is handed over: the page asks at the first, and for all that followed after a
// breath, which grows as long as they keep coming.
const BREATH = 1_000, LONGEST = 30_000;
let asking = false, more = false;
/** Show what is new. */
export async function told() {
  more = true;
  if (asking) return;
  asking = true;
  for (let breath = BREATH; more; breath = Math.min(breath * 2, LONGEST)) {
    more = false;
    await ask();
    await new Promise((well) => setTimeout(well, breath));
  }
  asking = false;
}

/** Ask what is new, and lay it where it belongs; what somebody is in the middle of stays as it is. */
async function ask() {
  const next = $("#inbox", (await part("/inbox/"))?.body), box = $("#inbox");
  if (!next) return;
  count(next);
  if (box?.dataset.box !== "new") return;
  const list = $(".ibx", box);
  if (!list) { lay(box, next); $$(".ib", box).forEach(light); return; }
  for (const item of $$(".ib", next).reverse()) {
    const there = $$(".ib", list).find((one) => one.dataset.about === item.dataset.about);
    if (there && (upto(there) === upto(item) || inHand(there) || $(":popover-open", there))) continue;
    const held = there?.contains(document.activeElement), mine = document.importNode(item, true);
    there?.remove();
    list.prepend(mine);
    htmx.process(mine);
    light(mine);
    if (held) $(".ti", mine).focus({ preventScroll: true });
  }
  say($("#unread .vh")?.parentNode.textContent.trim() ?? "");
}
