// Suggestions while typing tags: input[data-suggest-tags], several words with commas between them.
(function () {
  "use strict";

  function attach(input, index) {
    // The word around the cursor, between two commas.
    function current() {
      const start = input.value.lastIndexOf(",", input.selectionStart - 1) + 1;
      const comma = input.value.indexOf(",", input.selectionStart);
      const end = comma === -1 ? input.value.length : comma;
      return { start, end, word: input.value.slice(start, end).trim() };
    }

    async function ask() {
      const { word } = current();
      if (!word) return null;
      const found = await portalSuggestions(input, word);
      const chosen = input.value.split(",").map((one) => one.trim().toLowerCase());
      const isNew = (name) => name === word.toLowerCase() || !chosen.includes(name);
      return found && found.tags.filter((tag) => isNew(tag.name.toLowerCase()));
    }

    function take(tag) {
      const { start, end } = current();
      const before = input.value.slice(0, start) + (start ? " " : "") + tag.name;
      const rest = input.value.slice(end).replace(/^[,\s]+/, "");
      input.value = `${before}, ${rest}`;
      input.setSelectionRange(before.length + 2, before.length + 2);
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    }

    portalCombobox(input, {
      name: `schlagwort-${index}`,
      ask,
      draw: (tag, item) => portalSuggestion(item, tag.name, tag.count ? String(tag.count) : ""),
      take,
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("input[data-suggest-tags]").forEach(attach));
})();
