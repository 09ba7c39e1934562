// One click, one request: a form that is on its way cannot be sent again.
const LONGEST = 15000;
// The answer to `data-download` is a file: the page stays, and no event tells that it arrived.
const DOWNLOAD = 1000;
const busy = new Set();

function release() {
  for (const button of busy) button.removeAttribute("aria-busy");
  busy.clear();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
  if (event.submitter) busy.add(event.submitter);
  setTimeout(release, event.submitter?.hasAttribute("data-download") ? DOWNLOAD : LONGEST);
});
// Back from the browser's page cache, or after htmx answered: usable again.
window.addEventListener("pageshow", release);
document.addEventListener("htmx:afterRequest", release);
