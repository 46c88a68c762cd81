// Merging from a list: offered while two to five rows are selected.
import { $ } from "./core.js";
import { chosen, everything } from "./select.js";

const few = (ids) => !everything && ids.length > 1 && ids.length < 6;
const offer = $("[data-merge]");
if (offer) new MutationObserver(() => { offer.hidden = !few(chosen()); }).observe($("#bulk-n"), { childList: true, characterData: true, subtree: true });
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-merge]");
  if (link) link.href = `${link.href.split("?")[0]}?ids=${chosen().join("&ids=")}`;
}, true);
