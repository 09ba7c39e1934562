// Says what changed after a swap, keeps focus sensible, and shows when a request failed.
// A fragment speaks through data-announce="…"; other scripts dispatch "announce" with the text as detail.
const region = document.getElementById("announcer");
const toasts = document.getElementById("toasts");

function say(text) {
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

function toast(text) {
  const template = document.getElementById("toast-template");
  const item = template.content.cloneNode(true).firstElementChild;
  item.querySelector("[data-toast-text]").textContent = text;
  item.querySelector("button").addEventListener("click", () => item.remove());
  toasts.replaceChildren(item);
}

document.addEventListener("announce", (event) => say(event.detail));
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt;
  const speaker = target.matches("[data-announce]") ? target : target.querySelector("[data-announce]");
  if (speaker) say(speaker.dataset.announce);
  const summary = target.querySelector(".error-summary");
  const wanted = summary ?? target.querySelector("[data-focus]");
  if (wanted) wanted.focus();
});
document.addEventListener("htmx:responseError", () => toast(toasts.dataset.refused));
document.addEventListener("htmx:sendError", () => toast(toasts.dataset.offline));
document.addEventListener("htmx:beforeRequest", () => toasts.replaceChildren());

// A page that was refused opens on its list of errors.
document.querySelector(".error-summary")?.focus();
