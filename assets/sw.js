// The service worker: keeps the shell, and the pages that somebody saw last, for the time without a network. Only what the server
// marked as hers is kept (kith.ui.offline); another mark, a sign-in page or a sign-out deletes all that was kept before.
import { flush } from "./js/queue.js";

const { version, shell, days, most } = self.KITH;
const SHELL = `kith-shell-${version}`, PAGES = "kith-page-", FORMS = "kith-form-", OLDEST = days * 86_400_000, PATIENCE = 8000;

self.addEventListener("install", (event) => { event.waitUntil(caches.open(SHELL).then((cache) => Promise.allSettled(shell.map((url) => cache.add(url))))); self.skipWaiting(); });
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("kith-shell-") && name !== SHELL) await caches.delete(name);
  await clients.claim();
})()));

const private_ = (name) => name.startsWith(PAGES) || name.startsWith(FORMS);
// What was asked before somebody signed out is not kept after it.
let era = 0;
/** Delete what is kept of everybody but `who`. */
async function forget(who = "") { if (!who) era++; for (const name of await caches.keys()) if (private_(name) && !(who && name.endsWith(`-${who}`))) await caches.delete(name); }

const isPart = (request) => request.headers.get("HX-Request") === "true";
/** Parts and pages of one address are kept apart. */
function keyOf(request) { const url = new URL(request.url); url.hash = ""; if (isPart(request)) url.searchParams.set("kith-part", "1"); return url.href; }

async function put(request, answer, since) {
  const who = answer.headers.get("Kith-Keep"), as = answer.headers.get("Kith-Keep-As");
  if (!who || answer.status !== 200) return;
  // Rows, searches and other parts of lists belong to a page that is there; alone they are of no use.
  if (isPart(request) && as !== "form") return;
  // Read before anything is touched: a network that goes meanwhile must not cost what was kept before.
  const body = await answer.blob();
  await forget(who);
  const headers = new Headers(answer.headers);
  headers.set("Kith-Kept-At", String(Date.now()));
  headers.delete("Content-Encoding"); headers.delete("Content-Length");
  if (since !== era) return;
  const name = (as === "form" ? FORMS : PAGES) + who, cache = await caches.open(name), key = keyOf(request);
  await cache.put(key, new Response(body, { status: 200, headers }));
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(old);
  if (since !== era) await caches.delete(name);
}
async function kept(request) {
  const key = keyOf(request);
  for (const name of (await caches.keys()).filter(private_)) {
    const cache = await caches.open(name), found = (await cache.match(key)) ?? (await cache.match(key, { ignoreSearch: !isPart(request) && !new URL(key).pathname.endsWith("/new/") }));
    if (!found) continue;
    const at = Number(found.headers.get("Kith-Kept-At"));
    if (Date.now() - at > OLDEST) { await cache.delete(key); continue; }
    if (isPart(request)) return found;
    // The page itself says as of when it is; the mark lets it.
    const text = (await found.text()).replace("<html ", `<html data-kept="${at}" `);
    return new Response(text, { status: 200, headers: found.headers });
  }
  return null;
}
async function answered(event) {
  const { request } = event, going = event.request.mode === "navigate", since = era;
  try {
    const asked = fetch(request);
    // A network that does not answer is none, where there is something to show meanwhile.
    const slow = going && new Promise((well) => setTimeout(() => well(null), PATIENCE));
    let answer = slow ? await Promise.race([asked, slow]) : await asked;
    if (!answer) answer = (await kept(request)) ?? (await asked);
    else if (answer.headers.get("Kith-Keep")) event.waitUntil(put(request, answer.clone(), since).catch(() => {}));
    if (going && new URL(request.url).pathname === "/sign-in/" && answer.ok) event.waitUntil(forget());
    return answer;
  } catch (fault) {
    const found = (await kept(request)) ?? (going ? await kept(new Request(new URL("/waiting/", location.href))) : null);
    if (found) return found;
    throw fault;
  }
}
async function still(request) {
  const cache = await caches.open(SHELL), found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  // Only what this version consists of: everything else has the browser's own cache.
  if (answer.ok && shell.includes(new URL(request.url).pathname)) await cache.put(request, answer.clone(), since);
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && (url.pathname === "/sign-out/" || url.pathname === "/sign-in/")) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) { event.respondWith(still(request)); return; }
  if (request.mode === "navigate" || isPart(request)) event.respondWith(answered(event));
});
// A page says which forms people will want without a network, and which page is open: the first was not seen by this worker.
self.addEventListener("message", (event) => {
  const { warm, pages, here, who } = event.data ?? {};
  if (!warm || !who) return;
  event.waitUntil((async () => {
    const since = era, forms = FORMS + who;
    await forget(who);
    const there = (await caches.has(forms)) ? (await (await caches.open(forms)).keys()).map((one) => one.url) : [];
    const wanted = [here, ...pages, ...warm].map((url) => new Request(new URL(url, location.href)));
    wanted.push(...warm.map((url) => new Request(new URL(url, location.href), { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } })));
    for (const request of wanted) if (!there.includes(keyOf(request))) await fetch(request).then((answer) => put(request, answer, since)).catch(() => {});
  })());
});
// Whoever promises to come back is asked again later: a network that was none after all is no reason to wait for the next page.
self.addEventListener("sync", (event) => { if (event.tag === "waiting") event.waitUntil(flush().then((told) => { if (!told.reached && !told.left) throw new Error("no network yet"); })); });
