// <button class="copy" data-copy="text" data-copied="Copied"> copies its text; without script the text can be selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  document.dispatchEvent(new CustomEvent("announce", { detail: button.dataset.copied }));
  button.classList.add("is-copied");
  setTimeout(() => button.classList.remove("is-copied"), 1600);
});
