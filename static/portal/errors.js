// After a refused post the summary of what is wrong takes the focus, so that it is seen and read out.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const summary = document.querySelector("[data-errors]");
    if (summary) summary.focus();
  });
})();
