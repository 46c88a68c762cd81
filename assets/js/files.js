// Files on their way to a record, each by itself, with progress and a way to stop it.
import "./base.js";
import { $, say, spoken } from "./core.js";

const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] ?? "";
export function send(url, files) {
  const box = $("[data-record]");
  for (const file of files) one(url, file, box);
}
function one(url, file, box) {
  const rows = $("[data-ups]") ?? $(".ups");
  const row = document.createElement("li"), name = document.createElement("bdi"), bar = document.createElement("progress"), stop = document.createElement("button");
  name.textContent = file.name; name.className = "tx"; bar.max = 1; bar.value = 0; bar.setAttribute("aria-label", file.name);
  stop.type = "button"; stop.className = "b s"; stop.textContent = spoken("cancel");
  row.append(name, bar, stop);
  if (rows) { rows.hidden = false; rows.append(row); }
  const ask = new XMLHttpRequest(), form = new FormData();
  const end = () => { row.remove(); if (rows && !rows.children.length) rows.hidden = true; };
  const fail = (why) => { bar.remove(); row.classList.add("bad"); const said = document.createElement("span"); said.className = "err"; said.setAttribute("role", "alert"); said.textContent = why; stop.before(said); stop.textContent = spoken("close"); };
  form.append("once", crypto.randomUUID()); form.append("file", file, file.name || "image.png");
  ask.open("POST", url);
  ask.setRequestHeader("X-CSRFToken", csrf()); ask.setRequestHeader("Accept", "application/json");
  ask.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
  ask.addEventListener("load", () => {
    let told = {};
    try { told = JSON.parse(ask.responseText); } catch { /* a page of a fault */ }
    if (ask.status < 300 && told.files?.length) {
      end(); say(`${file.name} ✓`);
      document.dispatchEvent(new CustomEvent("kith:changed", { detail: { object: box?.dataset.object, ids: [Number(box?.dataset.record)], by: "file" } }));
    } else fail(told.refused?.[0] ?? spoken(ask.status === 413 ? "large" : "failed"));
  });
  ask.addEventListener("error", () => fail(spoken(navigator.onLine ? "unreachable" : "offline")));
  ask.addEventListener("abort", end);
  stop.addEventListener("click", () => { if (ask.readyState === 4 || row.classList.contains("bad")) end(); else ask.abort(); });
  ask.send(form);
}
