// The screen of what waits: what it is, what became of it, and what is to be done with it.
import "./base.js";
import { $, $$ } from "./core.js";
import { drop, keep, send, waiting, writer } from "./offline.js";

const page = $(".page[data-waits]"), list = $("[data-list]", page), root = document.documentElement;
const words = $("[data-words]", page).content, entry = $("[data-entry]", page).content;
// Her own zone and calendar, as on every other page, wherever this device thinks it is.
const { zone: timeZone, locale, calendar } = page.dataset, ours = { gregorian: "gregory", jalali: "persian", hijri: "islamic-umalqura" };
const style = { dateStyle: "medium", timeStyle: "short" };
const when = (() => {
  try { return new Intl.DateTimeFormat(locale.replaceAll("_", "-"), { ...style, timeZone, calendar: ours[calendar] ?? calendar }); } catch { return new Intl.DateTimeFormat(root.lang, style); }
})();

/** What the server said, as text, and what it gave along to answer with. */
function read(html) {
  const told = new DOMParser().parseFromString((html ?? "").replaceAll("<hx-partial", "<div").replaceAll("</hx-partial>", "</div>"), "text/html");
  const conflict = $$("[data-conflict] > p:first-child,[data-theirs-said]", told).map((one) => one.textContent.trim());
  const alerts = $$("[role=alert]", told).map((one) => one.textContent.trim());
  return { sentence: [...new Set(conflict.length ? conflict : alerts)].filter(Boolean).join(" "), version: $("input[name=version]", told)?.value };
}
let drawn = 0;
async function draw() {
  const turn = ++drawn, all = writer ? await waiting(writer).catch(() => []) : [];
  if (turn !== drawn) return;
  list.replaceChildren(...all.map((one) => {
    const line = document.importNode(entry.firstElementChild, true), { sentence } = read(one.said), conflict = one.state === "conflict";
    line.dataset.id = one.id; line.classList.add(one.state);
    $("[data-what]", line).textContent = one.what;
    $("[data-text]", line).textContent = one.text;
    $("[data-state]", line).textContent = $(`[data-${one.state}]`, words).textContent;
    const at = $("[data-at]", line);
    at.textContent = when.format(one.at); at.dateTime = new Date(one.at).toISOString();
    $("[data-said]", line).textContent = sentence; $("[data-said]", line).hidden = !sentence;
    $("[data-open]", line).href = one.place;
    for (const name of ["mine", "theirs"]) $(`[data-do=${name}]`, line).hidden = !conflict;
    $("[data-do=again]", line).hidden = one.state !== "refused";
    $("[data-do=drop]", line).hidden = conflict; // taking theirs is the same
    return line;
  }));
  $("[data-none]", page).hidden = all.length > 0;
  $("[data-send-all]").hidden = !all.some((one) => one.state === "waiting");
}
async function decide(id, deed) {
  const one = (await waiting(writer)).find((other) => other.id === id);
  if (!one) return;
  if (deed === "drop" || deed === "theirs") await drop(id);
  else {
    const { version } = read(one.said);
    const pairs = deed === "mine" && version ? [...one.pairs.filter(([name]) => name !== "version"), ["version", version]] : one.pairs;
    await keep({ ...one, pairs, state: "waiting", said: "" });
    await send();
  }
  await draw();
  ($("[data-do]:not([hidden])", list) ?? $("h1"))?.focus?.();
}
page.addEventListener("click", (event) => { const button = event.target.closest("[data-do]"); if (button) decide(button.closest("[data-id]").dataset.id, button.dataset.do); });
$("[data-send-all]").addEventListener("click", () => send().then(draw));
// Whoever sends, this page too: browsers whose workers do nothing in the background leave it to pages.
document.addEventListener("kith:waits", draw);
draw();

// Which pages can be read now: those that the service worker kept.
async function readable() {
  const found = [];
  for (const name of (await caches.keys()).filter((one) => one.startsWith("kith-page-"))) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) found.push([key.url, /<title>\s*([^<]*?)\s*<\/title>/.exec(await (await cache.match(key)).text())?.[1] ?? key.url]);
  }
  $("[data-readable]", page).hidden = !found.length;
  $("[data-pages]", page).replaceChildren(...found.reverse().map(([url, title]) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = url; link.dir = "auto"; link.textContent = new DOMParser().parseFromString(title, "text/html").body.textContent;
    item.append(link);
    return item;
  }));
}
if (globalThis.caches) readable().catch(() => {});
