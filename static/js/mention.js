// Names of the team after an @ in a comment. Choosing one writes it and ticks the box beside it.
const typed = /(^|\s)@([^\s@][^@\n]{0,40})?$/u;

const parts = (form) => ({
  text: form.querySelector("textarea"),
  list: form.querySelector("[data-mention-list]"),
  boxes: [...form.querySelectorAll("input[name=mention]")],
});
const nameOf = (box) => box.closest("label").textContent.trim();

function close(form) {
  const { list } = parts(form);
  list.replaceChildren();
  list.hidden = true;
}

function suggest(form) {
  const { text, list, boxes } = parts(form);
  const found = typed.exec(text.value.slice(0, text.selectionStart));
  const begun = (found?.[2] ?? "").toLocaleLowerCase();
  const fitting = found ? boxes.filter((box) => nameOf(box).toLocaleLowerCase().includes(begun)) : [];
  list.replaceChildren(...fitting.map((box) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "suggestion", textContent: nameOf(box), value: box.value });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  list.hidden = !fitting.length;
  if (fitting.length) document.dispatchEvent(new CustomEvent("announce", { detail: `${list.ariaLabel}: ${fitting.map(nameOf).join(", ")}` }));
}

function choose(form, button) {
  const { text, boxes } = parts(form);
  const before = text.value.slice(0, text.selectionStart).replace(typed, `$1@${button.textContent} `);
  const after = text.value.slice(text.selectionStart);
  text.value = before + after;
  text.setSelectionRange(before.length, before.length);
  boxes.find((box) => box.value === button.value).checked = true;
  close(form);
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

const formOf = (target) => target.closest?.("[data-mentions]");

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form && event.target.matches("textarea")) suggest(form);
});
document.addEventListener("click", (event) => {
  const form = formOf(event.target);
  const button = event.target.closest(".suggestion");
  if (form && button) choose(form, button);
});
document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || parts(form).list.hidden) return;
  const { text, list } = parts(form);
  const options = [...list.querySelectorAll(".suggestion")];
  const at = options.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    close(form);
    text.focus();
  } else if (step && (at >= 0 || step > 0)) {
    (options[at + step] ?? text).focus();
  } else return;
  event.preventDefault();
});
