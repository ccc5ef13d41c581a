// Light, dark, or as the system has it. A classic script, so that it runs before the first paint.

(() => {
  const KEY = "roomcast.theme";
  const NEXT = { system: "light", light: "dark", dark: "system" };
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function apply(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (!button) return;
    button.dataset.now = theme;
    button.setAttribute("aria-label", `Theme: ${theme}. Change to ${NEXT[theme]}`);
    button.title = `Theme: ${theme}`;
  }

  let theme = stored();
  if (!(theme in NEXT)) theme = "system";
  apply(theme);
  addEventListener("DOMContentLoaded", () => {
    apply(theme);
    document.getElementById("theme").addEventListener("click", () => {
      theme = NEXT[theme];
      apply(theme);
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // Without storage the choice lives as long as the tab.
      }
    });
  });
})();
