// ARIA's combobox with a list: suggestions below an input while typing. Used by search.js and tags.js.
// `ask(input)` promises what is found, or nothing when nothing is to be asked; `draw(option, item)` fills an item of the
// list, `take(option)` uses what was chosen. data-suggest-one, -many (%n) and -none say how many were found.
"use strict";

function portalCombobox(input, { name, ask, draw, take }) {
  const PAUSE = 150;
  const box = document.createElement("div");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let active = -1;
  let timer = 0;
  let latest = 0;

  box.className = "portal-suggest";
  list.className = "portal-suggest__list";
  list.id = `${name}-vorschlaege`;
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

  function close() {
    clearTimeout(timer);
    latest += 1;
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

  function use(position) {
    const option = options[position];
    close();
    take(option);
  }

  function show(found) {
    options = found;
    list.replaceChildren(...options.map((option, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      draw(option, item);
      // mousedown would take the focus from the input before the click arrives.
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => use(i));
      return item;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    const key = options.length === 0 ? "suggestNone" : options.length === 1 ? "suggestOne" : "suggestMany";
    status.textContent = (input.dataset[key] || "").replace("%n", String(options.length));
  }

  async function suggest() {
    const number = latest += 1;
    try {
      const found = await ask();
      if (number !== latest) return;
      if (found && document.activeElement === input) show(found); else close();
    } catch { if (number === latest) close(); }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    if (list.hidden || !options.length) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(active < 0 ? options.length - 1 : active - 1); }
    if (event.key === "Enter" && active >= 0) { event.preventDefault(); use(active); }
  });
}

// What the address in data-suggest-url answers for `typed`, or nothing.
async function portalSuggestions(input, typed) {
  const address = new URL(input.dataset.suggestUrl, location.href);
  address.searchParams.set("q", typed);
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return answer.ok ? answer.json() : null;
}

// Two spans: what is suggested, and a word about it.
function portalSuggestion(item, label, detail) {
  const texts = [label, detail].map((text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span;
  });
  texts[1].className = "portal-suggest__detail";
  item.append(...texts);
}
