// Which colours? A choice holds at once, without loading the page again, and is kept for the next pages.

const YEAR_S = 365 * 24 * 3600;
const links = () => /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".themes a"));

addEventListener("click", (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest(".themes a");
  const theme = link instanceof HTMLAnchorElement ? new URL(link.href).searchParams.get("theme") : null;
  if (theme === null) return;
  event.preventDefault();
  document.documentElement.dataset.theme = theme;
  document.cookie = `dreamloom-theme=${theme}; path=/; max-age=${YEAR_S}; samesite=strict`;
  for (const each of links()) {
    if (each === link) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  dispatchEvent(new Event("themechange"));
});
