// What was written without a network: kept in the browser's database, sent once each when there is one. Used by pages and by the
// service worker alike, so it knows of no page.

const NAME = "kith", STORE = "waiting", DAYS = 30;
export const news = new BroadcastChannel("kith-waiting");

function opened() {
  return new Promise((well, badly) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => well(asked.result);
    asked.onerror = () => badly(asked.error);
  });
}
async function stored(mode, does) {
  const base = await opened();
  try {
    return await new Promise((well, badly) => {
      const deed = base.transaction(STORE, mode, { durability: "strict" }), asked = does(deed.objectStore(STORE));
      deed.oncomplete = () => well(asked.result);
      deed.onerror = deed.onabort = () => badly(deed.error);
    });
  } finally { base.close(); }
}

/** What waits of this writer, the oldest first. */
export async function waiting(writer) {
  const all = await stored("readonly", (store) => store.getAll());
  return all.filter((one) => one.writer === writer).sort((a, b) => a.at - b.at);
}
/** Keep an entry: {id, writer, url, pairs, what, text, place, at, state, said}. It is on the disk when this returns. */
export async function keep(entry) { await stored("readwrite", (store) => store.put(entry)); news.postMessage("changed"); }
export async function drop(id) { await stored("readwrite", (store) => store.delete(id)); news.postMessage("changed"); }

/** Send what waits, one after the other, in one page or worker at a time. Says what became of it, to all pages: the worker has none. */
export async function flush() {
  const told = await navigator.locks.request("kith-waiting", async () => {
    const told = { sent: 0, stuck: 0, left: false, reached: false };
    const pass = await fetch("/waiting/pass/", { headers: { "HX-Request": "true" } }).catch(() => null);
    if (pass?.status !== 200) { told.left = pass?.status === 401; return told; }
    told.reached = true;
    const { writer, token } = await pass.json();
    for (const entry of await waiting(writer)) {
      if (Date.now() - entry.at > DAYS * 86_400_000) { if (entry.state === "waiting") await keep({ ...entry, state: "refused" }); continue; }
      if (entry.state !== "waiting") continue;
      const became = await send(entry, token);
      if (became === "sent") { await drop(entry.id); told.sent++; }
      else if (became) { await keep({ ...entry, ...became }); told.stuck++; } else break; // the network went again, or the server is busy
    }
    return told;
  });
  if (told.reached) news.postMessage(told);
  return told;
}
async function send(entry, token) {
  const body = new URLSearchParams(entry.pairs);
  body.set("csrfmiddlewaretoken", token);
  const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": new URL(entry.place, self.location.origin).href, "X-CSRFToken": token };
  const answer = await fetch(entry.url, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
  if (!answer || answer.status === 401 || answer.status === 429 || answer.status >= 500) return null;
  if (answer.status < 400) return "sent"; // also when it was sent before and only its answer was lost: the key says so
  return { state: answer.status === 409 ? "conflict" : "refused", said: (await answer.text()).slice(0, 60_000) };
}
