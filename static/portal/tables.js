// A wide table in a text scrolls in a frame of its own, which the keyboard can reach; the page itself stays put.
(function () {
  "use strict";

  function frame(table, label) {
    const box = document.createElement("div");
    box.className = "scroll";
    table.replaceWith(box);
    box.append(table);
    new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", label);
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    }).observe(box);
  }

  document.addEventListener("DOMContentLoaded", function () {
    const label = document.body.dataset.tableLabel || "";
    for (const table of document.querySelectorAll(".prose > table")) frame(table, label);
  });
})();
