// A session that ended while somebody was writing: she signs in here, in a dialog, and goes on.
import "./base.js";
import { $, spoken } from "./core.js";

let going = null;
/** Ask her to sign in; the token of the new session, or null when she did not, or somebody else did. */
export function signInAgain(address) { going ??= asked(address).finally(() => (going = null)); return going; }

async function passed() {
  const answer = await fetch("/waiting/pass/", { headers: { "HX-Request": "true" } }).catch(() => null);
  return answer?.status === 200 ? answer.json() : null;
}
async function asked(address) {
  const box = document.createElement("dialog"), opener = document.activeElement, place = new URL(address, location.href);
  box.className = "dlg again";
  box.setAttribute("aria-label", spoken("left"));
  place.searchParams.set("next", "/waiting/pass/");
  document.body.append(box);
  const done = new Promise((well) => {
    box.addEventListener("close", () => well(null));
    addEventListener("focus", async function look() { const pass = box.isConnected ? await passed() : null; if (pass) { removeEventListener("focus", look); well(pass); } });
    draw(box, place.href, null, well);
  });
  const pass = await done;
  const other = pass && pass.writer !== document.documentElement.dataset.writer;
  if (other) { told(box, spoken("other")); await new Promise((well) => box.addEventListener("close", well)); }
  box.close(); box.remove();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  if (!pass || other) return null;
  document.documentElement.dataset.who = pass.who;
  return pass.token;
}
function told(box, words) {
  const line = document.createElement("p"), close = document.createElement("button");
  line.textContent = words; line.setAttribute("role", "alert");
  close.type = "button"; close.className = "b o"; close.textContent = spoken("close");
  close.addEventListener("click", () => box.close());
  box.replaceChildren(line, close);
}
/** The forms of the sign-in pages, one after the other: password, second factor. */
async function draw(box, address, body, well) {
  const answer = await fetch(address, body ? { method: "POST", body } : {}).catch(() => null);
  if (!answer) { told(box, spoken("unreachable")); return; }
  if (new URL(answer.url).pathname === "/waiting/pass/") { well(await answer.json()); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html"), form = $("main form:not([data-passkey])", page);
  if (!form) { told(box, $("main", page)?.textContent.trim() ?? ""); return; }
  const words = document.createElement("p"), other = document.createElement("a"), close = document.createElement("button"), row = document.createElement("p");
  words.textContent = spoken("left");
  other.href = "/sign-in/?next=/waiting/"; other.target = "_blank"; other.rel = "noopener"; other.className = "b"; other.textContent = spoken("elsewhere");
  close.type = "button"; close.className = "b"; close.textContent = spoken("close"); close.addEventListener("click", () => box.close());
  row.className = "fx"; row.append(other, close);
  const mine = document.importNode(form, true);
  const to = new URL(mine.getAttribute("action") || answer.url, answer.url).href;
  for (const link of mine.querySelectorAll("a")) link.remove();
  // Not one of the page's own forms: nobody else hears of its being sent.
  mine.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); draw(box, to, new FormData(mine, event.submitter), well); });
  box.replaceChildren(words, mine, row);
  if (!box.open) box.showModal();
  ($("[aria-invalid=true]", mine) ?? [...mine.elements].find((one) => one.matches("input:not([type=hidden])") && !one.value) ?? mine.elements[0])?.focus();
}
