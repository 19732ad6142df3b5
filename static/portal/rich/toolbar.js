// The toolbar of the editor: one stop for the Tab key, arrow keys inside it, pressed buttons say so; and the small
// panel in which an address is typed.
(function () {
  "use strict";
  const { actions, inTable, inList, hasMark, isAllowed, schema } = window.PortalRich;

  const shown = (bar) => [...bar.querySelectorAll("button")].filter((button) => !button.hidden && !button.closest("[hidden]"));

  function rove(bar, to) {
    for (const button of bar.querySelectorAll("button")) button.tabIndex = button === to ? 0 : -1;
  }

  function byKeys(bar) {
    rove(bar, shown(bar)[0]);
    bar.addEventListener("focusin", (event) => { if (event.target.tagName === "BUTTON") rove(bar, event.target); });
    bar.addEventListener("keydown", (event) => {
      const all = shown(bar);
      const at = all.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || to === undefined || event.altKey || event.ctrlKey) return;
      event.preventDefault();
      all[(to + all.length) % all.length].focus();
    });
  }

  // `field.view` is the editor; `update` is called after each change of text or selection.
  function bind(bar, field) {
    byKeys(bar);
    // The selection in the text stays where it is when a button is pressed by the mouse.
    bar.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
    for (const button of bar.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => {
        actions[button.dataset.do].run(field.view.state, field.view.dispatch, field.view);
        if (!button.closest("[hidden]")) field.view.focus();
      });
    }
    function update() {
      const now = field.view.state;
      for (const group of bar.querySelectorAll("[data-when]")) group.hidden = !(group.dataset.when === "table" ? inTable : inList)(now);
      for (const button of bar.querySelectorAll("[data-do]")) {
        const action = actions[button.dataset.do];
        if (action.is) button.setAttribute("aria-pressed", String(action.is(now)));
        button.setAttribute("aria-disabled", String(!action.run(now)));
      }
      const link = bar.querySelector("[data-link-button]");
      if (link) link.setAttribute("aria-pressed", String(hasMark(now, schema.marks.link)));
      if (!shown(bar).some((button) => button.tabIndex === 0)) rove(bar, shown(bar)[0]);
    }
    return update;
  }

  // -- links ----------------------------------------------------------------------------------------

  // The whole link in which the text cursor stands.
  function around(now) {
    const { $from, empty, from, to } = now.selection;
    const type = schema.marks.link;
    const found = type.isInSet($from.marks()) || ($from.nodeAfter && type.isInSet($from.nodeAfter.marks)) || null;
    if (!found || !empty) return { from, to, found };
    let start = $from.start();
    let range = { from, to, found };
    $from.parent.forEach((child) => {
      const end = start + child.nodeSize;
      if (found.isInSet(child.marks)) range = range.open ? { ...range, to: end } : { from: start, to: end, found, open: true };
      else if (range.open && end < from) range = { from, to, found };
      else if (range.open && start >= from) range.open = false;
      start = end;
    });
    return range;
  }

  function complete(typed) {
    const text = typed.trim();
    if (/^[^\s@:/]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
    const full = isAllowed(text) || /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) ? text : `https://${text}`;
    return /\s/.test(full) || !isAllowed(full) || (/^https:/.test(full) && !/^https:\/\/[^/\s.]+\.[^\s]+/.test(full)) ? "" : full;
  }

  function links(bar, panel, field) {
    const button = bar.querySelector("[data-link-button]");
    const input = panel.querySelector("input");
    const error = panel.querySelector("[data-link-error]");
    function open(on) {
      panel.hidden = !on;
      button.setAttribute("aria-expanded", String(on));
      error.hidden = true;
      input.removeAttribute("aria-invalid");
      if (!on) return field.view.focus();
      const { found } = around(field.view.state);
      input.value = found ? found.attrs.href : "";
      panel.querySelector("[data-link-remove]").hidden = !found;
      return input.focus();
    }
    function set() {
      const href = complete(input.value);
      if (!href) {
        error.hidden = false;
        input.setAttribute("aria-invalid", "true");
        return input.focus();
      }
      const now = field.view.state;
      const { from, to } = around(now);
      const mark = schema.marks.link.create({ href });
      const tr = from === to ? now.tr.insert(from, schema.text(href.replace(/^mailto:/, ""), [mark])) : now.tr.removeMark(from, to, schema.marks.link).addMark(from, to, mark);
      field.view.dispatch(tr.removeStoredMark(schema.marks.link));
      return open(false);
    }
    button.addEventListener("click", () => open(panel.hidden));
    panel.querySelector("[data-link-set]").addEventListener("click", set);
    panel.querySelector("[data-link-cancel]").addEventListener("click", () => open(false));
    panel.querySelector("[data-link-remove]").addEventListener("click", () => {
      const { from, to } = around(field.view.state);
      field.view.dispatch(field.view.state.tr.removeMark(from, to, schema.marks.link));
      open(false);
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); open(false); }
      if (event.key === "Enter" && event.target === input) { event.preventDefault(); set(); }
    });
    return () => { open(true); return true; };
  }

  Object.assign(window.PortalRich, { bindToolbar: bind, bindLinks: links });
})();
