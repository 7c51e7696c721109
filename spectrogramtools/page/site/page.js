// What every page of the site has: colours that views follow, answers that are open on paper, and for the keyboard a
// place in whatever scrolls.

/** Views are drawn anew when JupyterLab names another theme; so does the site. */
export function followTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const { body } = document;
  const tell = () => {
    const { theme = "auto" } = body.dataset;
    const name = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    if (body.dataset.jpThemeName !== name) body.dataset.jpThemeName = name;
  };
  new MutationObserver(tell).observe(body, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", tell);
  tell();
}

/** Paper can't be pressed: all that is folded is open on it. */
export function openOnPaper() {
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [.../** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("article details:not([open])"))];
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
}

/** Pictures that are not in sight come when all else is there: on paper no browser waits for them. */
export function loadTheRest() {
  addEventListener("load", () => setTimeout(() => {
    for (const image of document.images) image.loading = "eager";
  }));
}

/** What scrolls sideways can be scrolled by keys. */
export function scrollByKeys() {
  const wide = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("article pre, article .table-wrapper, article math[display='block']")
  );
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth + 1;
      target.toggleAttribute("tabindex", scrolls);
      if (scrolls) target.setAttribute("tabindex", "0");
    }
  });
  wide.forEach((element) => watch.observe(element));
}
