// Repeated rows: [data-formset="prefix"] holds [data-formset-rows], a <template data-formset-empty> with __prefix__ in its
// names, a hidden [data-formset-add] button and the management form. Without JavaScript the server's empty rows are used.
(function () {
  "use strict";

  function total(group) {
    return group.querySelector(`[name="${CSS.escape(group.dataset.formset)}-TOTAL_FORMS"]`);
  }

  function add(group, focus) {
    const counter = total(group);
    const limit = Number(group.dataset.formsetMax || 100);
    const number = Number(counter.value);
    if (number >= limit) return;
    const holder = document.createElement("div");
    holder.innerHTML = group.querySelector("[data-formset-empty]").innerHTML.replace(/__prefix__/g, String(number));
    const row = holder.firstElementChild;
    group.querySelector("[data-formset-rows]").append(row);
    counter.value = String(number + 1);
    prepare(group, row);
    row.dispatchEvent(new Event("portal:added", { bubbles: true }));
    const first = row.querySelector("input:not([type=hidden]), textarea, select");
    if (focus && first) first.focus();
    group.querySelector("[data-formset-add]").disabled = number + 1 >= limit;
  }

  // A row is emptied and hidden, not taken out: the numbers of the others stay right. The server drops empty rows.
  function remove(group, row) {
    const marker = row.querySelector('[name$="-DELETE"]');
    if (marker) marker.checked = true;
    for (const field of row.querySelectorAll("input:not([type=hidden]), textarea, select")) {
      if (field === marker) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = false; else field.value = "";
      field.required = false;
    }
    row.hidden = true;
    row.dispatchEvent(new Event("input", { bubbles: true }));
    group.querySelector("[data-formset-add]").focus();
  }

  function prepare(group, row) {
    for (const button of row.querySelectorAll("[data-formset-remove]")) {
      button.hidden = false;
      button.addEventListener("click", () => remove(group, row));
    }
    for (const fallback of row.querySelectorAll("[data-formset-delete]")) fallback.hidden = true;
  }

  function setUp(group) {
    const button = group.querySelector("[data-formset-add]");
    if (!button || !total(group) || !group.querySelector("[data-formset-empty]")) return;
    button.hidden = false;
    button.addEventListener("click", () => add(group, true));
    group.addEventListener("portal:add-row", () => add(group, false));
    for (const row of group.querySelectorAll("[data-formset-row]")) prepare(group, row);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-formset]").forEach(setUp));
})();
