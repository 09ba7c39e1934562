// Arrow keys between a search field and its suggestions; characters left in a textarea.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const box = event.target.closest("[data-suggest]");
  if (!box) return;
  const input = box.querySelector("input");
  const stops = [input, ...box.querySelectorAll(".suggestion")];
  const at = stops.indexOf(document.activeElement);
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
});
document.addEventListener("keydown", (event) => {
  const box = event.key === "Escape" && event.target.closest("[data-suggest]");
  if (box && event.target.matches(".suggestion")) box.querySelector("input").focus();
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
