// Between the page and the network: what is being sent looks so and is sent once; what fails says what it was and can be tried again;
// a session that ended is begun again in a dialog; without a network what can wait is kept.
import { $, $$, spoken } from "./core.js";
import { wait } from "./offline.js";
import { toast } from "./toasts.js";

const root = document.documentElement;
const input = "input:not([type=hidden],[type=submit],[type=search]),textarea,select";

/** What a form is about, in the words of the page. */
export function named(form) {
  const cell = form.closest?.("td[data-f]"), fact = form.closest?.("[data-fact]");
  const from = cell ? $(`th[data-c="${CSS.escape(cell.dataset.f)}"] .tx`) : fact ? $("dt .tx", fact) : $(".fh", form) ?? $("label,legend", form) ?? $("a > bdi", form);
  return (form.getAttribute?.("aria-label") || from?.textContent || $("h1")?.textContent || "").trim();
}
export const said = (key, what) => spoken(key).replace("%(what)s", what);
const posts = (ctx) => ctx?.request?.method?.toUpperCase() === "POST";

// ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const plain = ctx.fetch ?? fetch.bind(window);
  ctx.fetch = (address, request) => carefully(ctx, plain, address, request);
});
async function carefully(ctx, plain, address, request) {
  // A page that was kept stands here because there was no network, whatever the browser says of it.
  if (posts(ctx) && (!navigator.onLine || root.dataset.kept)) {
    // Hints beside a form are asked for by nobody: without a network there are none.
    if (ctx.sourceElement?.matches("[aria-live]")) return new Response(null, { status: 204 });
    const kept = await wait(ctx, address, request);
    if (kept) return kept;
  }
  const answer = await plain(address, request);
  const over = answer.status === 401 && answer.headers.get("HX-Redirect");
  if (!over || !/^\/sign-in\/(\?|$)/.test(over)) return answer;
  // What is fetched in advance, for a menu that nobody has opened yet, interrupts nobody who is writing.
  if (!posts(ctx) && ctx.sourceElement?.checkVisibility?.() === false) return new Response(null, { status: 204 });
  clearTimeout(ctx.requestTimeout);
  const { signInAgain } = await import("./again.js");
  const token = await signInAgain(over);
  if (!token) return new Response(null, { status: 204 });
  renew(token);
  request.headers["X-CSRFToken"] = token;
  if (request.body?.has?.("csrfmiddlewaretoken")) request.body.set("csrfmiddlewaretoken", token);
  return plain(address, request); // the same form with the same key: sent twice, it is done once
}
/** The token of a new session, everywhere on the page. */
export function renew(token) {
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of $$("input[name=csrfmiddlewaretoken]")) field.value = token;
}

// What is being sent shows it at once. (htmx drops a second sending of the same form, and has a mark for each that it sends;
// ordinary forms are held here.)
document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter ?? $("button:not([type=button])", form);
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (!form.hasAttribute("hx-post") && !form.matches("[data-preferences],[data-passkey]")) form.dataset.sent = "1";
  button?.setAttribute("aria-busy", "true");
});
const sender = ({ sourceElement: from, request }) => from.matches?.("form") ? request?.submitter ?? $("button:not([type=button])", from) : from.matches?.("button") ? from : null;
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => { sender(ctx)?.removeAttribute("aria-busy"); $$("[aria-busy=true]", ctx.sourceElement).forEach((button) => button.removeAttribute("aria-busy")); });
addEventListener("pageshow", () => { for (const form of $$("form[data-sent]")) delete form.dataset.sent; $$("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy")); });

// What is easily taken back looks done before the server says so: a star, what is followed, an option that was chosen. When it is not
// done after all, it looks as it did.
const seemed = new WeakMap();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement, button = ctx.request?.submitter;
  if (!posts(ctx)) return;
  const eager = button && form.matches?.("form.star,.fol form,form.ce,form.fe");
  const was = eager ? button.getAttribute("aria-pressed") : null, place = eager && $(".held,.val", form), menu = eager && button.closest("[data-auto]");
  if (was === null && !menu) sender(ctx)?.setAttribute("aria-busy", "true");
  if (was) { button.setAttribute("aria-pressed", String(was !== "true")); seemed.set(form, () => button.setAttribute("aria-pressed", was)); }
  if (!place || !menu) return;
  const stood = [...place.childNodes];
  place.replaceChildren(...[...button.childNodes].filter((node) => !node.matches?.(".e")).map((node) => node.cloneNode(true)));
  seemed.set(form, () => { place.replaceChildren(...stood); menu.showPopover(); });
  menu.hidePopover();
});
for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, ({ detail: { ctx } }) => { const back = seemed.get(ctx?.sourceElement); seemed.delete(ctx?.sourceElement); if (ctx?.sourceElement?.isConnected) back?.(); });

// ── failing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function failed(ctx, key) {
  const form = ctx?.sourceElement, what = posts(ctx) && form?.isConnected ? named(form) : "";
  if (!posts(ctx)) { toast(spoken("unread")); return; }
  if (!what) { toast(spoken({ unsent: navigator.onLine ? "unreachable" : "offline", broken: "failed" }[key])); return; }
  toast(said(key, what), { label: spoken("retry"), does: () => { if (form.again) form.again(); else if (form.isConnected) { if (form.requestSubmit) form.requestSubmit(ctx.request.submitter ?? undefined); else form.click(); } } });
}
document.addEventListener("htmx:error", ({ detail }) => { if (detail.ctx?.request) failed(detail.ctx, "unsent"); });
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => { if (ctx.response.status >= 500) { ctx.swap = "none"; failed(ctx, "broken"); } });

// ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const touched = (field) => field.matches("[type=checkbox],[type=radio]") ? field.checked !== field.defaultChecked : field.matches("select") ? [...field.options].some((o) => o.selected !== o.defaultSelected && $("option[selected]", field)) : field.value !== field.defaultValue;
/** Whether something typed would be lost with the page: where a draft is kept, nothing is. */
function unkept(form) {
  if (form.dataset.sent || !$$(input, form).some(touched)) return false;
  const key = form.dataset.keep ? `form:${form.dataset.keep}` : form.dataset.draft ? `draft:${form.dataset.draft}` : "";
  try { return !key || (localStorage.getItem(key) === null && !form.dataset.draft); } catch { return true; }
}
// Whoever changes the language finds what she typed again (preferences.js).
document.addEventListener("submit", (event) => { if (event.target.matches?.("[data-preferences]")) root.dataset.leaving = "1"; }, true);
addEventListener("beforeunload", (event) => { if (!root.dataset.leaving && $$("form[data-form],form[data-draft],form.fe,form.ce").some(unkept)) event.preventDefault(); });
// Going on after something was saved is no leaving.
document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => { if (ctx.hx?.redirect && ctx.response.status < 400) root.dataset.leaving = "1"; });
