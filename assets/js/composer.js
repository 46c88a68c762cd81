// Notes: what is offered after @, # and /, drafts, files on their way; and forms for answers and changes.
import { $, $$, ajax, say } from "./core.js";
import { touched } from "./network.js";

// ── suggestions: a text box over a list box. The word before the caret decides. ──
const WORD = /(^|[\s(])([@#/])([^\s@#/]*(?: [^\s@#/]*)?)$/u;
let asked = 0, wait;
const list = (field) => document.getElementById(field.dataset.list);
const options = (field) => $$("[role=option]:not([aria-disabled])", list(field));
const marked = (field) => options(field).findIndex((option) => option.getAttribute("aria-selected") === "true");
function word(field) {
  const found = WORD.exec(field.value.slice(0, field.selectionStart));
  if (!found || (found[2] === "/" && found[3].includes(" "))) return null;
  return { sign: found[2], q: found[3], from: field.selectionStart - found[3].length - 1 };
}
function close(field) { asked++; const box = list(field); if (box && !box.hidden) { box.hidden = true; box.replaceChildren(); field.removeAttribute("aria-activedescendant"); } }
function mark(field, to) {
  const all = options(field);
  if (!all.length) { field.removeAttribute("aria-activedescendant"); return; }
  const at = (to + all.length) % all.length;
  all.forEach((option, i) => { option.id = `${field.id}-o${i}`; option.setAttribute("aria-selected", String(i === at)); });
  field.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}
async function offer(field) {
  const now = word(field), turn = ++asked;
  if (!now) { close(field); return; }
  const box = list(field);
  await ajax("GET", `${field.dataset.write}?sign=${encodeURIComponent(now.sign)}&q=${encodeURIComponent(now.q)}`, { source: box, target: box, swap: "innerHTML" });
  if (turn !== asked || document.activeElement !== field) { box.hidden = true; return; }
  box.hidden = !box.children.length;
  mark(field, 0);
  if (options(field).length) say(options(field)[0].textContent.trim());
}
function choose(field, option) {
  const now = word(field);
  if (!now || !option) return;
  const { label, token, text } = option.dataset;
  field.setRangeText(text ?? `${label} `, now.from, field.selectionStart, "end");
  if (token) {
    const value = `${label}\t${token}`;
    if (!$$("input[name=mark]", field.form).some((one) => one.value === value)) { const input = document.createElement("input"); input.type = "hidden"; input.name = "mark"; input.value = value; field.after(input); }
  }
  close(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-write]");
  if (!field || event.isComposing) return;
  clearTimeout(wait);
  if (word(field)) wait = setTimeout(() => offer(field), 120); else close(field);
});
document.addEventListener("compositionend", (event) => event.target.matches?.("[data-write]") && offer(event.target));
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-write]");
  // A key that ends the composition of a character chooses nothing.
  if (!field || event.isComposing || event.keyCode === 229 || list(field).hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown") mark(field, marked(field) + 1);
  else if (event.key === "ArrowUp") mark(field, marked(field) - 1);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && marked(field) >= 0) choose(field, options(field)[marked(field)]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault(); event.stopImmediatePropagation();
}, true);
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest(".sugs [role=option]");
  if (!option) return;
  event.preventDefault();
  choose($(`[data-list="${option.parentNode.id}"]`), option);
});
document.addEventListener("focusout", (event) => { const field = event.target.closest?.("[data-write]"); if (field) setTimeout(() => document.activeElement !== field && close(field), 120); });

// ── what is written: a form for each sort, of which one is seen. The choice is kept with the drafts ──
function pick(kind) {
  const box = $("[data-kinds]"), form = kind && $(`form[data-kind="${CSS.escape(kind)}"]`, box ?? undefined);
  if (!box || !form) return null;
  for (const one of $$("form[data-kind]", box)) one.classList.toggle("off", one !== form);
  $(`[name=writes][value="${CSS.escape(kind)}"]`, box).checked = true;
  const where = `writes:${box.dataset.kinds}`;
  if (kind === "note") localStorage.removeItem(where); else localStorage.setItem(where, kind);
  return form;
}
document.addEventListener("change", (event) => event.target.matches?.("[data-kinds] [name=writes]") && pick(event.target.value));
// An address opens what mail is written with, where there is something.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-record] a[href^='mailto:']"), kind = link && $("form[data-mail]")?.dataset.kind;
  if (!kind || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  $(".rtabs [data-tab=activity]")?.click();
  const form = pick(kind), field = form.elements[form.dataset.mail];
  field.value = link.textContent.trim();
  form.elements.text.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// ── drafts: per record, sort of writing and note answered, with what was chosen in them ──
const key = (form) => `draft:${form.dataset.draft}`;
const marks = (form) => $$("input[name=mark]", form).map((input) => input.value);
const timers = new WeakMap(); // of each form: who goes on in another one loses nothing here
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form || !event.target.name) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), 300));
});
const beside = (form) => $$(".cf [name]:not([type=hidden])", form);
const begun = (form) => Boolean(form.elements.text.value) || beside(form).some(touched);
function keep(form) {
  const text = form.elements.text.value, some = begun(form), rest = beside(form).map((field) => [field.name, field.value]);
  if (some) localStorage.setItem(key(form), JSON.stringify({ text, marks: marks(form), rest })); else localStorage.removeItem(key(form));
  $("[data-status]", form).textContent = some ? "✓" : "";
}
// Leaving the page does not wait for the clock.
addEventListener("pagehide", () => $$("form[data-draft]").forEach((form) => begun(form) && keep(form)));
function draft(form) {
  if (form.dataset.drafted) return;
  form.dataset.drafted = "1";
  const kept = localStorage.getItem(key(form));
  if (!kept || form.elements.text.value.trim()) return;
  let found;
  try { found = JSON.parse(kept); } catch { found = { text: kept, marks: [] }; }
  if (typeof found?.text !== "string") found = { text: kept, marks: [] };
  form.elements.text.value = found.text;
  for (const value of found.marks ?? []) { const input = document.createElement("input"); input.type = "hidden"; input.name = "mark"; input.value = value; form.elements.text.after(input); }
  for (const [name, value] of found.rest ?? []) { const field = beside(form).find((one) => one.name === name); if (field) field.value = value; }
  form.closest("details")?.setAttribute("open", "");
}
const drafts = () => $$("form[data-draft]").forEach(draft);
document.addEventListener("htmx:after:swap", drafts);
drafts();
pick(localStorage.getItem(`writes:${$("[data-kinds]")?.dataset.kinds}`));
document.addEventListener("htmx:config:request", (event) => {
  const form = event.detail.ctx?.sourceElement;
  const once = form?.matches?.("form[data-draft]") && form.elements.once;
  if (once && !once.value) once.value = crypto.randomUUID();
});
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  if (form?.matches?.("form[data-draft]") && response?.status < 300) {
    clearTimeout(timers.get(form)); localStorage.removeItem(key(form));
    if (form.dataset.kind) setTimeout(() => document.getElementById(form.id)?.elements.text.focus(), 0);
  }
});
// An answer opens where it is asked for; giving up a change shows the note again.
document.addEventListener("toggle", (event) => { if (event.target.matches?.("details.ansf") && event.target.open) $("textarea", event.target).focus(); }, true);
document.addEventListener("click", (event) => {
  const back = event.target.closest("[data-unedit]");
  if (!back || !$("#tl")) return;
  event.preventDefault();
  ajax("GET", back.dataset.unedit, { source: $("#tl"), target: "#tl", swap: "innerHTML" });
});
document.addEventListener("htmx:after:swap", () => { const field = $("[data-editing] textarea"); if (field && !field.dataset.ready) { field.dataset.ready = "1"; field.focus(); field.setSelectionRange(field.value.length, field.value.length); } });

// ── files: chosen, dropped or pasted; what sends them is fetched when somebody comes near, so that it is here when the net is not ──
const way = () => import("./files.js");
const send = (url, files) => way().then((on) => on.send(url, files));
document.addEventListener("focusin", (event) => { if (event.target.closest?.("[data-record], .peek")) way(); });
const where = () => $("[data-upload]")?.dataset.upload ?? $("[data-drop]")?.dataset.drop;
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-files], [data-upload-form] input[type=file]") || !input.files.length || !where()) return;
  send(where(), [...input.files]); input.value = "";
});
document.addEventListener("paste", (event) => {
  const form = event.target.closest?.("form[data-upload]"), files = [...(event.clipboardData?.files ?? [])];
  if (!form || !files.length) return;
  event.preventDefault();
  send(form.dataset.upload, files);
});
const carries = (event) => where() && [...(event.dataTransfer?.types ?? [])].includes("Files") && event.target.closest?.("[data-record], .peek");
for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => { if (carries(event)) { event.preventDefault(); $("#cmp")?.classList.add("over"); } });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) $("#cmp")?.classList.remove("over"); });
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault(); $("#cmp")?.classList.remove("over");
  send(where(), [...event.dataTransfer.files]);
});
