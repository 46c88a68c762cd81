// Without a network: the service worker answers with what it kept, and what is written waits in this browser.
import { $, $$, say, spoken } from "./core.js";
import { drop, flush, keep, news, waiting } from "./queue.js";
import { named, said } from "./network.js";
import { toast } from "./toasts.js";

const root = document.documentElement, { who, writer } = root.dataset;
const CAN_WAIT = "form[data-draft],form[data-form],form.fe,form.ce", UNTYPED = ["csrfmiddlewaretoken", "once", "fields", "version", "columns", "then", "mark"];
const key = () => `w${crypto.randomUUID?.() ?? `${Date.now()}${Math.random()}`}`;
const fresh = (box) => $$("input[name=once]", box).forEach((field) => (field.value = key()));

/** Keep what a form says until there is a network; an answer that htmx takes for "done, nothing to show", or null. */
export async function wait(ctx, address, request) {
  const form = ctx.sourceElement;
  if (!writer || !form?.matches?.(CAN_WAIT) || [...(request.body ?? [])].some(([, value]) => typeof value !== "string" && value.size)) return null;
  const pairs = [...request.body].filter(([, value]) => typeof value === "string"), what = about(form);
  const typed = pairs.filter(([name, value]) => value && !UNTYPED.includes(name) && !name.endsWith(".base") && !name.endsWith(".was"));
  const entry = { id: key(), writer, url: address, pairs, what, text: typed.map(([, value]) => value).join(" · ").slice(0, 2000), place: location.pathname, note: form.matches("[data-draft]"), at: Date.now(), state: "waiting", said: "" };
  try { await keep(entry); } catch { toast(spoken("unkept")); return null; }
  const registered = await navigator.serviceWorker?.getRegistration();
  registered?.sync?.register("waiting").catch(() => {});
  fresh(form);
  if (navigator.onLine) setTimeout(send, 0);
  setTimeout(() => {
    if (entry.note) { form.reset(); form.elements.text.value = ""; form.elements.text.focus(); }
    // Editors close and show again what the server last said: nothing pretends to be saved.
    else if (form.matches(".fe,.ce")) form.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
    else { form.reset(); form.closest("dialog")?.close(); }
    toast(said("waits", what), { label: spoken("waiting"), href: "/waiting/" });
  }, 0);
  return new Response(null, { status: 204 });
}
function about(form) {
  const what = named(form), title = $("[data-title],h1,.who h2")?.textContent.trim() ?? "";
  return form.matches("[data-form]") || !title ? what : `${title} · ${what}`;
}

// ── what waits, on each page ─────────────────────────────────────────────────────────────────────────────────────────

async function show() {
  const all = writer ? await waiting(writer).catch(() => []) : [];
  root.toggleAttribute("data-waits", all.length > 0);
  // How numbers are written is only asked of the browser where there is one: the first such question costs a phone 60 ms of each page.
  for (const place of $$("[data-waiting]", $("#net") ?? undefined)) place.textContent = all.length ? all.length.toLocaleString(root.lang) : "";
  const tl = $("[data-record] #tl"), here = $("[data-record]")?.dataset.url;
  $$(".ev.wait").forEach((one) => one.remove());
  for (const entry of tl ? all.filter((one) => one.note && one.url.startsWith(here)) : []) {
    const line = document.createElement("article"), state = document.createElement("a"), text = document.createElement("p");
    line.className = "ev wait"; state.className = "st"; state.href = "/waiting/"; state.textContent = spoken("waiting");
    text.dir = "auto"; text.textContent = entry.text;
    line.append(state, text);
    tl.prepend(line);
  }
}
async function send() {
  // A page that was kept asks even when nothing waits: that is how it learns that there is a network again.
  if (!writer || !navigator.onLine || !(root.dataset.kept || (await waiting(writer).catch(() => [])).some((one) => one.state === "waiting"))) return;
  await flush();
}
/** What became of what waited, whoever sent it: this page, another one, or the worker. */
function became(told) {
  back();
  if (told.stuck) toast(spoken("stuck"), { label: spoken("waiting"), href: "/waiting/" });
  else if (told.sent) ($(".toast[data-stays]") ? say : toast)(spoken("sent"), { href: "/waiting/" });
  if (told.sent) document.dispatchEvent(new Event("kith:sent"));
  ask(1500);
}
const offline = () => root.toggleAttribute("data-offline", !navigator.onLine);
let shown, asking;
/** The network is there again: that is said for a while, and a page that was kept hears from here on what it missed (live.js). */
function back() {
  if (!root.dataset.kept && !("offline" in root.dataset)) return;
  clearTimeout(asking);
  delete root.dataset.kept; delete root.dataset.offline;
  root.dataset.online = "";
  say($("#net .net-on")?.textContent.trim() ?? "");
  clearTimeout(shown);
  shown = setTimeout(() => { delete root.dataset.online; }, 7000);
  document.dispatchEvent(new Event("kith:online"));
}
// The first try may come before the network carries anything, and is not the last one.
addEventListener("online", () => { back(); send(); ask(1500); });
addEventListener("offline", () => { delete root.dataset.online; offline(); });
const heard = (message) => { if (message.reached) became(message); show(); document.dispatchEvent(new Event("kith:waits")); };
news.addEventListener("message", ({ data }) => heard(data));
document.addEventListener("kith:waiting", show);
// A channel is not heard by who speaks on it.
const told = news.postMessage.bind(news);
news.postMessage = (message) => { told(message); heard(message); };
export { drop, flush, keep, send, waiting, writer };

// ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────

// A page or form that was kept has the key of its first time: what is written into it now is something new.
if (root.dataset.kept) fresh(document);
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => { if (ctx.response?.headers?.get("Kith-Kept-At")) document.addEventListener("htmx:after:swap", () => fresh(ctx.target?.isConnected ? ctx.target : document), { once: true }); });

async function register() {
  const registered = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  if (!who || root.dataset.saver || root.dataset.kept) return;
  const forms = $$("a[data-new]").map((link) => link.getAttribute("href")).filter((href) => !href.includes("?"));
  const worker = registered.active ?? (await navigator.serviceWorker.ready).active;
  worker?.postMessage({ warm: [...new Set(forms)], pages: ["/waiting/"], here: location.href, who });
}
offline(); send();
// Not every browser says when a network comes back, and what one try left behind waits for the next.
function ask(after) {
  clearTimeout(asking);
  asking = setTimeout(async () => { await send(); if (root.dataset.kept || "waits" in root.dataset) ask(Math.min(after * 1.5, 30_000)); }, after);
}
show().then(() => { if (root.dataset.kept || "waits" in root.dataset) ask(2000); });
if ("serviceWorker" in navigator) (window.requestIdleCallback ?? setTimeout)(() => register().catch(() => {}));
