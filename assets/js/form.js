// Forms: dialogs, records looked up while typing, lines of several values; what was typed is kept until it is saved.
import "./base.js";
import { $, $$, ajax } from "./core.js";

// Dialogs. A link with data-new or data-dialog opens its page's part; with a modifier, or without scripts, it is an ordinary link.
let opener = null;
function dialog() {
  let box = $("dialog.dlg");
  if (!box) {
    box = document.createElement("dialog");
    box.className = "dlg";
    document.body.append(box);
    box.addEventListener("close", () => { box.replaceChildren(); opener?.focus?.({ preventScroll: true }); opener = null; });
  }
  return box;
}
async function open(link) {
  opener = link.closest("[popover]") ? document.activeElement : link;
  link.closest("[popover]:popover-open")?.hidePopover();
  const box = dialog();
  await ajax("GET", link.href, { source: box, target: box, swap: "innerHTML" });
  const form = $("form", box);
  if (!form) return;
  box.setAttribute("aria-label", $(".fh", form)?.textContent.trim() ?? "");
  if (!box.open) box.showModal();
  bringBack(form);
  first(form);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-new],a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link);
});
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("dialog.dlg [data-close]");
  if (cancel) { event.preventDefault(); forget(cancel.closest("form")); cancel.closest("dialog").close(); }
});
function first(form) {
  const wrong = $("[aria-invalid=true]", form), said = $("[data-summary]", form);
  if (wrong) (wrong.matches("fieldset") ? $("input,select,textarea", wrong) : wrong).focus();
  else if (said) said.focus();
  else $$("input:not([type=hidden]),textarea,select", form).find((input) => input.offsetParent)?.focus();
}

// Sending: Ctrl+Shift+Enter saves and adds another; an answer that says what changed closes the dialog.
let another = false;
document.addEventListener("submit", (event) => { if (event.target.matches("form[data-form]")) another = Boolean(event.submitter?.matches("[data-another]")); }, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.shiftKey || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const button = $("[data-another]", event.target.closest?.("form[data-form]") ?? undefined);
  if (!button || !event.target.closest("form[data-form]")) return;
  event.preventDefault(); event.stopPropagation();
  button.form.requestSubmit(button);
}, true);
document.addEventListener("kith:changed", (event) => {
  if (["new", "action"].includes(event.detail.by) && !another) { const box = $("dialog.dlg[open]"); if (box) box.close(); }
});
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  if (form?.matches?.("form[data-keep]") && response?.status < 400) forget(form);
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const form = $("dialog.dlg[open] form[data-form], .page > form[data-form]");
  // What changed inside of the form (hints) moves nobody: between the press of a button and its click the focus is nowhere.
  if (form && !form.contains(detail.ctx.target) && !form.contains(document.activeElement)) first(form);
});

// Inputs that follow one of them (an address its country) are fetched again. What is typed meanwhile stays: the answer knows only what was sent.
const meanwhile = new Map();
let followed = "";
const follows = (event) => event.detail.ctx?.sourceElement?.matches?.("[data-again]");
document.addEventListener("htmx:before:request", (event) => { if (follows(event)) meanwhile.clear(); });
document.addEventListener("input", ({ target }) => { if (target.closest("fieldset.parts") && !target.matches("[data-again]")) meanwhile.set(target.name, target.value); });
// The name of the box is noted before the swap: afterwards htmx knows the new box only.
document.addEventListener("htmx:after:request", (event) => { if (follows(event)) followed = event.detail.ctx.target.id; });
document.addEventListener("htmx:after:swap", () => {
  const box = followed && document.getElementById(followed);
  followed = "";
  if (box) for (const [name, value] of meanwhile) { const input = $(`[name="${CSS.escape(name)}"]`, box); if (input) input.value = value; }
});

// What was typed into a new record's form outlives a closed dialog and a reload, until it is saved or cancelled.
const kept = (form) => `form:${form.dataset.keep}`;
const forget = (form) => { if (form?.dataset.keep) { clearTimeout(timer); localStorage.removeItem(kept(form)); } };
let timer;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    const typed = [...new FormData(form)].filter(([name, value]) => value && typeof value === "string" && !["csrfmiddlewaretoken", "once", "fields"].includes(name));
    localStorage.setItem(kept(form), JSON.stringify(typed));
  }, 300);
});
function bringBack(form) {
  if (!form.dataset.keep) return;
  let typed = [];
  try { typed = JSON.parse(localStorage.getItem(kept(form)) ?? "[]"); } catch { forget(form); }
  for (const [name, value] of typed) {
    const input = form.elements[name];
    // What the address asked for stays; only what is empty is filled again.
    if (input instanceof RadioNodeList || !input || input.type === "hidden" || input.type === "checkbox" || input.value) continue;
    input.value = value;
  }
}
$$("form[data-keep]").forEach((form) => { if (!$("[aria-invalid]", form)) bringBack(form); });

// Records to link to (ARIA combobox): options come from the server while somebody types; a new one can be made on the way.
const box = (input) => input.closest("[data-combo]");
const list = (input) => $("[data-list]", box(input));
const options = (input) => $$("[role=option]", list(input));
const isOpen = (input) => list(input).matches(":popover-open");
function show(input, on) {
  if (on && !isOpen(input)) list(input).showPopover({ source: input });
  if (!on && isOpen(input)) list(input).hidePopover();
  input.setAttribute("aria-expanded", String(on));
  if (!on) input.removeAttribute("aria-activedescendant");
}
function mark(input, at) {
  const all = options(input);
  if (!all.length) { input.removeAttribute("aria-activedescendant"); return; }
  const now = all[(at + all.length) % all.length];
  all.forEach((option, i) => { option.id = `${list(input).id}-${i}`; option.setAttribute("aria-selected", String(option === now)); });
  input.setAttribute("aria-activedescendant", now.id);
  now.scrollIntoView({ block: "nearest" });
}
const marked = (input) => options(input).findIndex((option) => option.getAttribute("aria-selected") === "true");
let asked = 0, pause;
async function look(input) {
  const turn = ++asked;
  const answer = await fetch(`${box(input).dataset.lookup}choose/?q=${encodeURIComponent(input.value.trim())}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || turn !== asked || !input.isConnected || document.activeElement !== input) return;
  list(input).innerHTML = await answer.text();
  show(input, true);
  mark(input, 0);
}
async function make(input, words, domain = "") {
  const body = new FormData();
  body.set("q", words);
  if (domain) body.set("domain", domain);
  body.set("once", crypto.randomUUID?.() ?? String(Math.random()));
  const token = $("[name=csrfmiddlewaretoken]", input.form)?.value ?? "";
  const answer = await fetch(`${box(input).dataset.lookup}choose/`, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token } }).catch(() => null);
  const said = document.createElement("div");
  said.innerHTML = answer ? await answer.text() : "";
  const option = $("[data-chosen-now]", said);
  if (option) choose(input, option);
  else { const toast = $("hx-partial > *", said); if (toast) $("#toasts").replaceChildren(toast); }
}
function choose(input, option) {
  if (option.dataset.make) { show(input, false); make(input, option.dataset.make, option.dataset.domain); return; }
  const { pk, words } = option.dataset, combo = box(input);
  if (combo.dataset.combo === "many") {
    const name = `${combo.dataset.name}-${pk}`;
    if (!input.form.elements[name]) {
      const label = document.createElement("label"), tick = document.createElement("input"), text = document.createElement("bdi");
      label.className = "tick"; tick.type = "checkbox"; tick.name = name; tick.value = pk; tick.checked = true; text.textContent = words;
      label.append(tick, text);
      $("[data-chosen]", combo).append(label);
    }
    input.value = "";
    show(input, false);
    return;
  }
  $("[data-linked]", combo).value = pk; $("[data-was]", combo).value = words; input.value = words;
  show(input, false);
  if (input.form.matches(".fe")) input.form.requestSubmit();
}
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-combo] [role=combobox]") || event.isComposing) return;
  clearTimeout(pause);
  pause = setTimeout(() => look(event.target), 140);
});
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-combo] [role=combobox]") || event.isComposing) return;
  const opened = isOpen(input);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { if (opened) mark(input, marked(input) + (event.key === "ArrowDown" ? 1 : -1)); else look(input); }
  else if (event.key === "Enter" && opened && !event.ctrlKey && !event.metaKey) { const option = options(input)[marked(input)]; if (option) choose(input, option); }
  else if (event.key === "Escape" && opened) show(input, false);
  else { if (event.key === "Tab" && opened) show(input, false); return; }
  event.preventDefault(); event.stopPropagation();
}, true);
document.addEventListener("pointerdown", (event) => { if (event.target.closest("[data-list] [role=option]")) event.preventDefault(); });
document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-list] [role=option]");
  if (option) choose($("[role=combobox]", option.closest("[data-combo]")), option);
});
document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (input.matches?.("[data-combo] [role=combobox]") && input.isConnected && !box(input).contains(event.relatedTarget)) show(input, false);
});

// A press on a hint leaves the field, which asks for hints anew: what is pressed or says the same stays, or the click would find nothing.
document.addEventListener("htmx:before:swap", (event) => {
  for (const { target, fragment } of event.detail.tasks) {
    if (!target?.matches?.(".hints")) continue;
    const told = document.createElement("div");
    told.append(fragment.cloneNode(true));
    const [was, is] = [target, told].map((one) => one.innerHTML);
    if (target.matches(":active") || was === is) event.preventDefault();
  }
});
// What the domain of an address belongs to is linked, or made, with one press.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-home]");
  if (!button) return;
  const input = $(`[data-field="${CSS.escape(button.dataset.home)}"] [role=combobox]`, button.closest("form"));
  if (input) { choose(input, button); button.closest(".hintbox").remove(); input.focus(); }
});

// Lines of several values.
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-line]"), drop = event.target.closest("[data-drop-line]");
  if (add) {
    const lines = $$("[data-line]", add.parentNode), last = lines.at(-1), next = last.cloneNode(true);
    const number = 1 + Math.max(...lines.map((line) => Number($("input", line).name.match(/-(\d+)\.value$/)?.[1] ?? 0)));
    for (const input of $$("input,select", next)) {
      input.name = input.name.replace(/-\d+\./, `-${number}.`);
      if (input.type === "radio") { input.value = number; input.checked = false; }
      else if (input.type === "checkbox") input.checked = false;
      else { input.value = ""; input.removeAttribute("aria-invalid"); }
    }
    last.after(next);
    $("input", next).focus();
  }
  if (drop) {
    const line = drop.closest("[data-line]"), lines = $$("[data-line]", line.parentNode);
    if (lines.length > 1) { (line.previousElementSibling?.matches("[data-line]") ? line.previousElementSibling : line.nextElementSibling).querySelector("input").focus(); line.remove(); }
    else $$("input,select", line).forEach((input) => { if (input.type === "checkbox" || input.type === "radio") input.checked = false; else input.value = ""; });
  }
});
