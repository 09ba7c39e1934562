// Dragging a card of a board does what its menu does: the same address, the same answer.
let card = null;

const laneOf = (event) => event.target.closest?.("[data-board] [data-lane]");
const mark = (lane) => {
  for (const one of document.querySelectorAll(".board-lane.is-over")) one.classList.toggle("is-over", one === lane);
  lane?.classList.add("is-over");
};

document.addEventListener("dragstart", (event) => {
  card = event.target.closest?.("[data-move]") ?? null;
  if (!card) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector(".grid-name").textContent);
  card.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const lane = card && laneOf(event);
  if (card) mark(lane);
  if (!lane) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
});
document.addEventListener("drop", (event) => {
  const lane = card && laneOf(event);
  if (!lane) return;
  event.preventDefault();
  if (lane.contains(card)) return;
  const from = document.getElementById("deal-list").dataset.from;
  const values = { to: lane.dataset.lane, version: card.dataset.version, from };
  window.htmx.ajax("POST", card.dataset.move, { source: card, target: "#list", swap: "innerHTML show:none", values });
});
document.addEventListener("dragend", () => {
  mark(null);
  card?.classList.remove("is-dragged");
  card = null;
});
