// The page of one record: facts edited where they stand, tabs, timeline, a note's draft; and the same beside a list.
import "./base.js";
import { $, $$, ajax, say } from "./core.js";
import { openAt } from "./menus.js";
import "./composer.js";

const here = () => $("[data-record]");
const inputs = (form) => $$("input:not([type=hidden]),textarea,select", form);
const written = (form) => inputs(form).find((input) => !input.matches("[type=checkbox],[type=radio]")) ?? inputs(form)[0];

// Facts. What stood there is kept, so that giving up needs no request.
const stood = new WeakMap();
function edit(row, url) {
  const other = $("[data-fact].now");
  if (row.classList.contains("now")) return;
  if (other) restore(other);
  stood.set(row, [...row.childNodes]);
  row.classList.add("now");
  row.dataset.asked = "1";
  ajax("GET", url, { source: row, target: row, swap: "innerHTML" });
}
function restore(row) {
  // The mark goes first: taking away a focused input fires focusout, which would save it.
  row.classList.remove("now"); delete row.dataset.asked;
  const nodes = stood.get(row);
  if (nodes) row.replaceChildren(...nodes);
  settle(row);
}
function settle(row) { $("[data-edit] .pen, [data-edit] .ph0", row)?.focus({ preventScroll: true }); }
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-fact] [data-cancel]"), theirs = event.target.closest("[data-shown]");
  if (cancel && stood.has(cancel.closest("[data-fact]"))) { event.preventDefault(); restore(cancel.closest("[data-fact]")); return; }
  if (theirs) { event.preventDefault(); const row = theirs.closest("[data-fact]"); ajax("GET", theirs.dataset.shown, { source: row, target: row, swap: "innerHTML" }); return; }
  const value = event.target.closest("[data-edit]");
  if (!value || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a,button,summary");
  if (link && !link.matches(".pen,.ph0")) return;
  if (!link && String(getSelection())) return; // somebody copies the value
  event.preventDefault();
  edit(value.closest("[data-fact]"), value.dataset.edit);
});
document.addEventListener("htmx:after:swap", () => {
  for (const row of $$("[data-fact].now")) {
    const form = $("form.fe", row);
    // Saved: the focus is back on the fact, or on the next one where Tab said so, which is opened, too.
    if (!form) {
      // Another part of the page came while the editor is still on its way.
      if (row.dataset.asked || !$("[data-edit]", row)) continue;
      row.classList.remove("now");
      // Whoever went on to something else stays there.
      if (!(goOn && further(goOn)) && (document.activeElement === document.body || row.contains(document.activeElement))) settle(row);
      goOn = null;
      continue;
    }
    if (form.dataset.ready) continue;
    form.dataset.ready = "1"; goOn = null; delete row.dataset.asked;
    const menu = $("[data-auto]", form), conflict = $("[data-conflict]", form);
    if (conflict) $("button", conflict).focus();
    else if (menu) {
      openAt(menu, $("dd", row));
      menu.addEventListener("toggle", (event) => { if (event.newState === "closed") setTimeout(() => { if (form.isConnected && !menu.matches(":popover-open") && !form.classList.contains("htmx-request")) restore(row); }, 30); });
    } else {
      const first = $("[aria-invalid=true]", form) ?? written(form);
      first?.focus();
      if (!first?.hasAttribute("aria-invalid")) first?.select?.();
    }
  }
});
for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, () => {
  for (const row of $$("[data-fact].now")) if (!$("form.fe", row)) restore(row);
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.fe");
  if (form?.matches("[data-kind=text]") && event.key === "Tab" && inputs(form).length === 1 && event.target === inputs(form)[0]) {
    const row = form.closest("[data-fact]"), to = beside(row, event.shiftKey ? -1 : 1);
    if (to) { event.preventDefault(); if (untouched(event.target)) { quietly(row); further(to); } else { goOn = to; form.requestSubmit(); } }
    return;
  }
  if (form && event.key === "Escape" && !event.defaultPrevented) { event.preventDefault(); event.stopPropagation(); const row = form.closest("[data-fact]"); if (stood.has(row)) restore(row); }
});
// The fact before or after this one that may be edited, by its name: its row is drawn anew when another is saved.
let goOn = null;
function beside(row, step) {
  const all = $$("[data-fact]", row.closest("[data-kv]")).filter((one) => one === row || (one.offsetParent && $("[data-edit]", one)));
  return all[all.indexOf(row) + step]?.dataset.fact;
}
function further(name) {
  const row = $(`[data-fact="${CSS.escape(name)}"]`), value = $("[data-edit]", row ?? undefined);
  if (row && value) edit(row, value.dataset.edit);
  return Boolean(row && value);
}
const untouched = (input) => input.value === input.defaultValue && !input.hasAttribute("aria-invalid");
// What has one input is saved on leaving it; whatever has more waits for its button.
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form.fe[data-kind=text]"), row = form?.closest("[data-fact].now");
  if (!row || !form.isConnected || form.contains(event.relatedTarget) || form.classList.contains("htmx-request")) return;
  const all = inputs(form);
  if (all.length !== 1) return;
  if (untouched(all[0])) { if (event.relatedTarget) quietly(row); }
  else if (document.hasFocus() && all[0].value !== all[0].defaultValue) form.requestSubmit();
});
function quietly(row) { row.classList.remove("now"); const nodes = stood.get(row); if (nodes) row.replaceChildren(...nodes); }

// What people carry elsewhere (numbers, addresses) is copied by a button beside it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  // Without a secure connection a browser has no clipboard; then what stands there is marked and copied.
  if (navigator.clipboard) await navigator.clipboard.writeText(button.dataset.copies).catch(() => {});
  else { getSelection().selectAllChildren(button.previousElementSibling); document.execCommand("copy"); getSelection().removeAllRanges(); }
  button.classList.add("done"); setTimeout(() => button.classList.remove("done"), 2000);
  say(button.dataset.done);
});

// After other changes (an undo, an action) facts and timeline are read again.
document.addEventListener("kith:changed", (event) => {
  const box = here(), { object, ids, by } = event.detail;
  if (!box) return;
  const { record, object: mine, url } = box.dataset;
  const me = object === mine && (ids.includes(Number(record)) || !ids.length);
  // What happens to others may stand in this one's timeline, too; what was just written stands there already.
  if ((me || (by !== "writing" && !$("[data-editing]", box))) && $("#tl", box) && !(by !== "fact" && box.closest("#peek"))) ajax("GET", `${url}story/`, { source: $("#tl", box), target: $("#tl", box), swap: "innerHTML" });
  if (me && by !== "fact" && $("#facts")) ajax("GET", `${url}facts/`, { source: $("#facts"), target: "#facts", swap: "innerHTML" });
  if (me && by !== "fact" && box.closest("#peek")) ajax("GET", `${url}peek/${by === "step" ? "?offer" : ""}`, { source: $("#peek"), target: "#peek", swap: "innerHTML" });
  if (me && $("#hist")?.firstElementChild) past();
  if (!me && $("#rel")) ajax("GET", `${url}related/`, { source: $("#rel"), target: "#rel", swap: "innerHTML" });
});

// What was done asks for what comes next.
document.addEventListener("htmx:after:swap", () => { const next = $("[data-offered]:not([data-ready])"); if (next) { next.dataset.ready = "1"; $("input:not([type=hidden]),textarea", next)?.focus(); } });

// A record whose creation was undone is gone: back to its list.
document.addEventListener("htmx:response:error", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (response?.status === 404 && sourceElement?.id === "facts") { event.detail.ctx.swap = "none"; location.href = $(".crumbs a")?.href ?? "/"; }
});

// Empty fields and closed sections: remembered.
const KEY = "empty-fields";
function empties() {
  const all = localStorage.getItem(KEY) === "1";
  for (const box of $$("[data-kv]")) { box.classList.toggle("all", all); $("[data-empties]", box)?.setAttribute("aria-pressed", String(all)); }
  for (const group of $$("[data-group]")) if (localStorage.getItem(`group:${group.dataset.group}`) === "0") group.open = false;
}
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-empties]")) return;
  localStorage.setItem(KEY, localStorage.getItem(KEY) === "1" ? "0" : "1");
  empties();
});
document.addEventListener("toggle", (event) => {
  const group = event.target.dataset?.group;
  if (group) localStorage.setItem(`group:${group}`, event.target.open ? "1" : "0");
}, true);
document.addEventListener("htmx:after:swap", empties);
empties();

function past() { const box = $("#hist"); ajax("GET", box.dataset.historyAt + location.search, { source: box, target: "#hist", swap: "innerHTML" }); }

// Tabs, whose name is in the address; the history is read when it is first looked at.
function show(name) {
  const box = here(), tab = $(`.rtabs [data-tab=${name}]`);
  if (!box || !tab) return;
  $$("[role=tab]", tab.parentNode).forEach((other) => { other.setAttribute("aria-selected", String(other === tab)); other.tabIndex = other === tab ? 0 : -1; });
  box.dataset.tab = name;
  if (name === "history" && $("#hist") && !$("#hist").firstElementChild) past();
  return tab;
}
document.addEventListener("click", (event) => {
  const tab = event.target.closest(".rtabs [role=tab]"), close = event.target.closest("#hist [data-history]");
  if (tab && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    show(tab.dataset.tab);
    const url = new URL(location.href);
    if (tab.dataset.tab === "activity") url.searchParams.delete("tab"); else url.searchParams.set("tab", tab.dataset.tab);
    history.replaceState(null, "", url);
  }
  if (close) { event.preventDefault(); ajax("GET", close.getAttribute("href"), { source: $("#hist"), target: "#hist", swap: "innerHTML" }); }
  const story = event.target.closest("[data-story]");
  if (story) {
    $$("[data-story]", story.parentNode).forEach((other) => other.setAttribute("aria-pressed", String(other === story)));
    narrowed();
  }
});
// Two versions are compared where the history stands.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("#hist [data-compare]");
  if (!form || event.submitter?.name === "take") return;
  event.preventDefault();
  const asked = new URLSearchParams(["a", "b"].flatMap((name) => { const box = $(`[name=${name}]:checked`, form); return box ? [[name, box.value]] : []; }));
  ajax("GET", `${form.getAttribute("action")}?${asked}`, { source: $("#hist"), target: "#hist", swap: "innerHTML" });
});
// What the timeline shows: of which sort, and by whom.
function narrowed() {
  const sort = $("[data-story][aria-pressed=true]")?.dataset.story ?? "all", by = $("[data-story-by]")?.value ?? "";
  ajax("GET", `${here().dataset.url}story/?show=${sort}&by=${encodeURIComponent(by)}`, { source: $("#tl"), target: "#tl", swap: "innerHTML" });
}
document.addEventListener("change", (event) => { if (event.target.matches("[data-story-by]")) narrowed(); });
if (here()?.dataset.tab && here().dataset.tab !== "activity") show(here().dataset.tab);
// An entry that the address asks for is shown even where it lies in a closed fold.
document.getElementById(location.hash.slice(1))?.closest(".fold")?.setAttribute("open", "");
document.querySelector(".ev.asked")?.scrollIntoView({ block: "center" });
