// When htmx brings other results (#treffer): what was unfolded stays so, and the focus is not lost with a chip that went.
(function () {
  "use strict";
  let unfolded = [];

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "treffer") return;
    unfolded = [...event.detail.target.querySelectorAll("details[id][open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    unfolded.forEach((id) => { const one = document.getElementById(id); if (one) one.open = true; });
    unfolded = [];
    const region = document.getElementById("treffer");
    if (region && (!document.activeElement || document.activeElement === document.body)) region.focus({ preventScroll: true });
  });
})();
