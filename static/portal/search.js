// Suggestions in the boxes for searching: titles, tags, departments; choosing one opens its page.
(function () {
  "use strict";

  function attach(input) {
    async function ask() {
      const typed = input.value.trim();
      const found = typed ? await portalSuggestions(input, typed) : null;
      return found && found.suggestions;
    }

    portalCombobox(input, {
      name: input.id,
      ask,
      draw: (one, item) => portalSuggestion(item, one.label, one.detail),
      take: (one) => location.assign(one.url),
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("input[type=search][data-suggest-url]").forEach(attach));
})();
