// Light or dark as chosen in the portal (theme.js); without a choice the admin follows the system.
(function () {
  "use strict";
  let choice = null;
  try { choice = localStorage.getItem("portal-theme"); } catch { /* private mode */ }
  document.documentElement.dataset.theme = choice === "dark" || choice === "light" ? choice : "auto";
})();
