// Single keys for lists: / search, j k to the next and previous deal, f favorite, ? help; Enter opens by itself. Ctrl K: the palette.
// Nothing happens while somebody types, with a modifier, in a dialog, or when turned off (<html data-keys="off">).
const writes = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], dialog, :popover-open";
const press = (id) => document.getElementById(id)?.click();
const rowOf = (element) => element.closest("#deal-list tr, .board-card");

function step(by) {
  const names = [...document.querySelectorAll("#deal-list .grid-name")];
  const at = names.indexOf(rowOf(document.activeElement)?.querySelector(".grid-name"));
  names[at < 0 ? 0 : Math.max(0, Math.min(names.length - 1, at + by))]?.focus();
}

function search() {
  const field = document.getElementById("list-search");
  if (field) field.focus();
  else press("open-find");
}

function favorite() {
  const place = rowOf(document.activeElement) ?? document.querySelector(".deal-title");
  place?.querySelector(".heart")?.click();
}

const keys = { "/": search, j: () => step(1), k: () => step(-1), f: favorite, "?": () => press("open-keys") };

document.addEventListener("keydown", (event) => {
  const isPalette = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  if (isPalette && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    press("open-find");
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.documentElement.dataset.keys === "off") return;
  if (!Object.hasOwn(keys, event.key) || event.target.closest(writes)) return;
  event.preventDefault();
  keys[event.key]();
});
