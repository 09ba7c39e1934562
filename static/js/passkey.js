// <form data-passkey="create|get"> with a hidden field `credential` and a button [data-passkey-start]: asks the browser for a passkey, then sends the form.
// What to ask for stands in #passkey-options, or comes from data-passkey-options. Without script or support the [data-passkey-missing] beside it stays.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const listed = (credentials) => credentials?.map((one) => ({ ...one, id: bytes(one.id) }));

const ask = {
  create: ({ publicKey }, form) => navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: listed(publicKey.excludeCredentials),
    authenticatorSelection: selection(publicKey.authenticatorSelection, form.elements.passwordless?.checked),
  } }),
  get: ({ publicKey }) => navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials),
  } }),
};

function selection(given, passwordless) {
  return passwordless ? { ...given, residentKey: "required", requireResidentKey: true, userVerification: "required" } : given;
}

function told(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts,
    authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  const address = form.dataset.passkeyOptions;
  if (!address) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const [start, missing, failed] = ["start", "missing", "failed"].map((name) => form.querySelector(`[data-passkey-${name}]`));
  start.hidden = false;
  if (missing) missing.hidden = true;
  start.addEventListener("click", async () => {
    failed.hidden = true;
    try {
      const given = await options(form);
      const credential = await ask[form.dataset.passkey](given.creation_options ?? given.request_options, form);
      form.elements.credential.value = JSON.stringify(told(credential));
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    }
  });
}
