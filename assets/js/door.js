// The way in: passwords that can be shown, passkeys, copied codes. Everything but passkeys works without it.
import "./base.js";
import { $, $$ } from "./core.js";

for (const button of $$("[data-show]")) {
  const input = document.getElementById(button.dataset.show);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  });
  // Nothing that was shown is kept by the browser as typed text.
  input.form?.addEventListener("submit", () => { input.type = "password"; button.setAttribute("aria-pressed", false); });
}

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const word = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function asked(form) {
  const token = $("[name=csrfmiddlewaretoken]", form).value;
  const answer = await fetch(form.dataset.passkey, { method: "POST", headers: { "X-CSRFToken": token, "HX-Request": "true", "HX-Current-URL": location.href } });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) { location.href = elsewhere; return null; }
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).publicKey;
}
async function made(form) {
  const wanted = await asked(form);
  if (!wanted) return null;
  const options = { ...wanted, challenge: bytes(wanted.challenge), user: { ...wanted.user, id: bytes(wanted.user.id) }, excludeCredentials: named(wanted.excludeCredentials) };
  const { id, type, response, ...rest } = await navigator.credentials.create({ publicKey: options }).then((c) => ({ id: c.id, type: c.type, response: c.response, extensions: c.getClientExtensionResults() }));
  return { id, rawId: id, type, clientExtensionResults: rest.extensions, response: { clientDataJSON: word(response.clientDataJSON), attestationObject: word(response.attestationObject) } };
}
async function proved(form) {
  const wanted = await asked(form);
  if (!wanted) return null;
  const options = { ...wanted, challenge: bytes(wanted.challenge), allowCredentials: named(wanted.allowCredentials) };
  const { id, type, response } = await navigator.credentials.get({ publicKey: options });
  const signed = { clientDataJSON: word(response.clientDataJSON), authenticatorData: word(response.authenticatorData), signature: word(response.signature) };
  if (response.userHandle) signed.userHandle = word(response.userHandle);
  return { id, rawId: id, type, clientExtensionResults: {}, response: signed };
}

for (const form of window.PublicKeyCredential ? $$("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = $("[role=alert]", form);
    said.hidden = true;
    try {
      const answer = await (form.dataset.deed === "make" ? made : proved)(form);
      if (!answer) return;
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch { said.hidden = false; }
  });
}

for (const button of $$("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
    button.setAttribute("aria-pressed", true);
  });
}
