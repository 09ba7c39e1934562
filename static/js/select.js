// "All on this page", and Shift to tick a range. Ticking one by one needs no script.
const boxes = (all) => [...all.closest("table").querySelectorAll(`input[name="${all.dataset.selectAll}"]`)];
let last = null;

function show(root) {
  for (const all of root.querySelectorAll("[data-select-all]")) {
    all.hidden = false;
    count(all);
  }
}

function count(all) {
  const ticked = boxes(all).filter((one) => one.checked).length;
  all.checked = ticked > 0 && ticked === boxes(all).length;
  all.indeterminate = ticked > 0 && !all.checked;
  for (const place of document.querySelectorAll("[data-selected]")) place.textContent = ticked;
}

document.addEventListener("change", (event) => {
  const all = event.target.closest("table")?.querySelector("[data-select-all]");
  if (!all) return;
  if (event.target === all) for (const one of boxes(all)) one.checked = all.checked;
  count(all);
});
document.addEventListener("click", (event) => {
  const all = event.target.closest?.("table")?.querySelector("[data-select-all]");
  if (!all || event.target.name !== all.dataset.selectAll) return;
  const rows = boxes(all);
  const from = rows.indexOf(last);
  const to = rows.indexOf(event.target);
  if (event.shiftKey && from >= 0) {
    for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = event.target.checked;
  }
  last = event.target;
});
document.addEventListener("htmx:load", (event) => show(event.detail.elt));
// Back from the browser's page cache, ticks are as they were left.
window.addEventListener("pageshow", () => show(document));
show(document);
