// The palette's field keeps the focus; arrows choose among what was found, Enter opens it.
const options = () => [...document.querySelectorAll("#hits [role=option]")];

function choose(field, option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (field.id !== "palette") return;
  const all = options();
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") {
    event.preventDefault();
    all[Math.max(0, at)]?.click();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !all.length) return;
  event.preventDefault();
  choose(field, all[(at + step + all.length) % all.length]);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const field = document.getElementById("palette");
  if (!field || !["found", "dialog"].includes(event.detail.target.id)) return;
  field.setAttribute("aria-expanded", String(options().length > 0));
  choose(field, options()[0]);
  // The dialog takes letters a moment before htmx hears them: what was typed until now is searched for.
  if (event.detail.target.id === "dialog" && field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
});
