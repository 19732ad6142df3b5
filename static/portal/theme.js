// Light or dark. Runs before the first paint; without a choice KERN follows the system.
(function () {
  "use strict";
  const KEY = "portal-theme";
  const root = document.documentElement;

  function stored() {
    try { return localStorage.getItem(KEY); } catch { return null; }
  }

  function isDark() {
    const chosen = root.getAttribute("data-kern-theme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  const choice = stored();
  if (choice === "dark" || choice === "light") root.setAttribute("data-kern-theme", choice);

  document.addEventListener("DOMContentLoaded", function () {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isDark()));
      button.addEventListener("click", function () {
        const next = isDark() ? "light" : "dark";
        root.setAttribute("data-kern-theme", next);
        button.setAttribute("aria-pressed", String(next === "dark"));
        try { localStorage.setItem(KEY, next); } catch { /* private mode: holds for this page */ }
      });
    }
  });
})();
