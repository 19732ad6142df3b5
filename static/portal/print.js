// The print button, and folded parts that are opened for the paper and closed again after it.
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("main details:not([open], .noprint)")];
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", function () {
    for (const fold of opened) fold.open = false;
  });
})();
