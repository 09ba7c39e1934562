// Changes the theme in place; without script the form posts and the server sets the same cookie.
const root = document.documentElement;
const stored = document.cookie.match(/(?:^|; )theme=(light|dark)(?:;|$)/)?.[1];
if (stored && !root.dataset.theme) root.dataset.theme = stored;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  root.dataset.theme = theme;
  for (const button of form.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
});
