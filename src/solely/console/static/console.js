// Passkeys, and a second look at what still runs: all else on the console's pages works without a script.
"use strict";

const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromBase64url = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

async function call(path, words) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(words ?? {}),
  });
  const said = await response.json();
  if (!response.ok) throw new Error(said.message ?? "the gate did not take it");
  return said;
}

function tell(error) {
  const place = document.querySelector("[role=alert]");
  if (!place) return;
  const isLeft = error.name === "NotAllowedError";
  place.textContent = isLeft ? "The passkey was not used: it was cancelled, or timed out." : error.message;
  place.hidden = false;
}

async function answer(challenge, credentials) {
  const named = credentials.split(" ").filter(Boolean);
  const allowCredentials = named.map((each) => ({ type: "public-key", id: fromBase64url(each) }));
  const found = await navigator.credentials.get({
    publicKey: { challenge: bytes(challenge), allowCredentials, userVerification: "required", timeout: 120000 },
  });
  return {
    credential: base64url(found.rawId),
    data: base64url(found.response.authenticatorData),
    client: base64url(found.response.clientDataJSON),
    signature: base64url(found.response.signature),
  };
}

async function signIn() {
  const { challenge } = await call("/sign-in/challenge");
  const signed = await answer(challenge, "");
  const { path } = await call("/sign-in", { challenge, ...signed });
  location.assign(path);
}

async function make() {
  const options = await call("/passkeys/options");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const made = await navigator.credentials.create({ publicKey });
  const { code } = await call("/passkeys", { challenge: options.challenge, credential: made.toJSON() });
  document.querySelector("[data-code]").textContent = code;
}

const acts = { "sign-in": signIn, make };
// A second click while the authenticator still asks would end the first one's question.
const asking = new WeakSet();
async function once(button, act) {
  if (asking.has(button)) return;
  asking.add(button);
  try {
    await act();
  } catch (error) {
    tell(error);
  } finally {
    asking.delete(button);
  }
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.addEventListener("click", () => once(button, acts[button.dataset.passkey]));
}

for (const form of document.querySelectorAll("form[data-sign]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    once(button, async () => {
      const signed = await answer(form.dataset.challenge, form.dataset.credential);
      for (const name of ["data", "client", "signature", "credential"]) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = `assertion_${name}`;
        field.value = signed[name];
        form.append(field);
      }
      form.submit();
      // An answer that is a file leaves this page open; what it signs is signed once.
      button.disabled = true;
      const place = form.querySelector("[role=alert]");
      place.className = "note";
      place.textContent = "Signed. If a file was asked for, it is among your browser's downloads.";
      place.hidden = false;
    });
  });
}

async function lookAgain() {
  const place = document.querySelector("[data-again]");
  if (!place) return;
  await new Promise((done) => setTimeout(done, 2000));
  const text = await (await fetch(location.href)).text();
  const next = new DOMParser().parseFromString(text, "text/html").getElementById(place.id);
  if (!next) return;
  place.replaceChildren(...next.childNodes);
  place.toggleAttribute("data-again", next.hasAttribute("data-again"));
  lookAgain();
}
lookAgain();
