// Suggestions while typing tags: input[data-suggest-url], several words with commas between them. The pattern is ARIA's
// combobox with a list; data-suggest-one and data-suggest-many say how many were found (%n), data-suggest-none that none was.
(function () {
  "use strict";
  const PAUSE = 150;

  function attach(input, index) {
    const box = document.createElement("div");
    const list = document.createElement("ul");
    const status = document.createElement("p");
    let options = [];
    let active = -1;
    let timer = 0;
    let latest = 0;

    box.className = "portal-suggest";
    list.className = "portal-suggest__list";
    list.id = `vorschlaege-${index}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel || "");
    status.className = "kern-sr-only";
    status.setAttribute("role", "status");
    input.replaceWith(box);
    box.append(input, list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.autocomplete = "off";

    // The word around the cursor, between two commas.
    function current() {
      const start = input.value.lastIndexOf(",", input.selectionStart - 1) + 1;
      const comma = input.value.indexOf(",", input.selectionStart);
      const end = comma === -1 ? input.value.length : comma;
      return { start, end, word: input.value.slice(start, end).trim() };
    }

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(next) {
      active = (next + options.length) % options.length;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }

    function take(position) {
      const { start, end } = current();
      const before = input.value.slice(0, start) + (start ? " " : "") + options[position].name;
      const rest = input.value.slice(end).replace(/^[,\s]+/, "");
      input.value = `${before}, ${rest}`;
      input.setSelectionRange(before.length + 2, before.length + 2);
      input.dispatchEvent(new Event("change", { bubbles: true }));
      close();
      input.focus();
    }

    function show(found) {
      const chosen = input.value.split(",").map((word) => word.trim().toLowerCase());
      const typed = current().word.toLowerCase();
      options = found.filter((tag) => tag.name.toLowerCase() === typed || !chosen.includes(tag.name.toLowerCase()));
      list.replaceChildren(...options.map((tag, i) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        const count = document.createElement("span");
        item.id = `${list.id}-${i}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        name.textContent = tag.name;
        count.textContent = tag.count ? String(tag.count) : "";
        item.append(name, count);
        // mousedown would take the focus from the input before the click arrives.
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(i));
        return item;
      }));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = options.length === 0;
      input.setAttribute("aria-expanded", String(options.length > 0));
      const key = options.length === 0 ? "suggestNone" : options.length === 1 ? "suggestOne" : "suggestMany";
      status.textContent = (input.dataset[key] || "").replace("%n", String(options.length));
    }

    async function ask() {
      const { word } = current();
      const number = latest += 1;
      if (!word) return close();
      const address = new URL(input.dataset.suggestUrl, location.href);
      address.searchParams.set("q", word);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (!answer.ok || number !== latest) return close();
        const data = await answer.json();
        if (number === latest && document.activeElement === input) show(Array.isArray(data) ? data : data.tags);
      } catch { close(); }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      if (list.hidden || !options.length) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
      if (event.key === "ArrowUp") { event.preventDefault(); mark(active < 0 ? options.length - 1 : active - 1); }
      if (event.key === "Enter" && active >= 0) { event.preventDefault(); take(active); }
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("input[data-suggest-url]").forEach(attach));
})();
