// Arrow keys between a search field and its suggestions; characters left in a textarea.
const fields = new WeakMap();

function move(box, from, step) {
  const options = [...box.querySelectorAll(".suggestion")];
  if (!options.length) return false;
  const at = options.indexOf(from);
  if (at < 0) fields.set(box, from);
  const next = at + step < 0 ? fields.get(box) : options[at + step];
  next?.focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target;
  const box = from.closest("[data-suggest]");
  if (!box || !from.matches(".suggestion, input[type=text], input[type=search]")) return;
  if (event.key === "Escape") fields.get(box)?.focus();
  else if (step && (step > 0 || from.matches(".suggestion")) && move(box, from, step)) event.preventDefault();
});

function count(textarea) {
  const output = document.querySelector(`[data-counts="${textarea.id}"]`);
  if (!output || textarea.maxLength < 0) return;
  output.hidden = false;
  output.textContent = `${textarea.value.length} / ${textarea.maxLength}`;
}
const countAll = (root) => root.querySelectorAll("textarea[maxlength]").forEach(count);
document.addEventListener("input", (event) => { if (event.target.matches("textarea[maxlength]")) count(event.target); });
document.addEventListener("htmx:load", (event) => countAll(event.detail.elt));
countAll(document);
