// Choosing a key figure proposes its usual unit and direction at once; what somebody typed stays. The server does
// the same for what is left empty.
(function () {
  "use strict";

  function propose(select) {
    const usual = JSON.parse(select.dataset.usual);
    const before = usual[select.dataset.chosen] || ["", ""];
    const after = usual[select.value] || ["", ""];
    const row = select.closest("[data-formset-row]");
    const fields = { as_is_unit: 0, to_be_unit: 0, better: 1 };
    for (const [name, which] of Object.entries(fields)) {
      const field = row.querySelector(`[name$="-${name}"]`);
      if (field.value === "" || field.value === before[which]) field.value = after[which];
    }
    select.dataset.chosen = select.value;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const select of document.querySelectorAll("select[data-usual]")) select.dataset.chosen = select.value;
    document.addEventListener("change", (event) => {
      if (event.target.matches("select[data-usual]")) propose(event.target);
    });
  });
})();
