// Opens <dialog id="dialog"> once htmx filled it, and closes it by its button, beside it, or when its answer goes elsewhere.
const dialog = document.getElementById("dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], .menu-item:is(a, button)")?.focus();
});
// Closed first, so that the focus is back on the page when that changes.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.shouldSwap && !dialog?.contains(event.detail.target)) dialog?.close();
});
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
});
dialog?.addEventListener("close", () => dialog.replaceChildren());
