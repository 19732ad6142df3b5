// Folded menus close on Escape and on a click elsewhere; opening them is the browser's own <details>.
(function () {
  "use strict";

  function close(menu, focus) {
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      close(menu, menu.contains(document.activeElement));
    }
  });
  document.addEventListener("click", function (event) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) close(menu, false);
    }
  });
})();
