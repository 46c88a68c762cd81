// A month to choose a day from, beside every date that can be typed; what draws and walks it is fetched when one is first asked for.
import { $ } from "./core.js";

const days = () => import("./days.js");
document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (pick) { event.preventDefault(); days().then((month) => month.press(pick)); }
});
// Alt and an arrow open it from the input, as they open a list.
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(".inx"), button = field && $("[data-pick]", field);
  if (!button || !event.altKey || event.key !== "ArrowDown" || !event.target.matches("input")) return;
  event.preventDefault(); event.stopPropagation();
  days().then((month) => month.show(button));
}, true);
// Whoever comes near will hardly wait.
document.addEventListener("focusin", (event) => { if (event.target.closest?.(".inx")?.querySelector("[data-pick]")) days(); });
