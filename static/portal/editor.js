// Markdown fields: shows the toolbar, the attached pictures and the preview, and turns pasted text with formatting into Markdown.
(function () {
  "use strict";
  const FORMATTED = /<(h[1-6]|ul|ol|li|table|a\s|b>|b\s|strong|em>|i>|i\s|blockquote|p\s+class="?Mso)/i;

  function insert(area, text) {
    area.focus();
    // execCommand keeps the browser's undo; where it is gone, the text goes in without.
    if (document.execCommand && document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function spaced(area, text) {
    if (!text.includes("\n")) return text;
    const before = area.value.slice(0, area.selectionStart);
    return (before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "") + text;
  }

  function onPaste(event) {
    const html = event.clipboardData ? event.clipboardData.getData("text/html") : "";
    if (!html || !FORMATTED.test(html)) return;
    let text = "";
    try { text = window.PortalPaste.toMarkdown(html); } catch { return; }
    if (!text) return;
    event.preventDefault();
    insert(event.target, spaced(event.target, text));
  }

  // The attached pictures to choose from; the chosen one is put where the text cursor stands.
  function pictures(field, area) {
    const list = document.querySelector("template[data-pictures]");
    const button = field.querySelector("[data-pictures-button]");
    if (!list || !button) return;
    const box = list.content.firstElementChild.cloneNode(true);
    box.hidden = true;
    area.before(box);
    button.hidden = false;
    const open = (on) => { box.hidden = !on; button.setAttribute("aria-expanded", String(on)); };
    button.addEventListener("click", () => {
      open(box.hidden);
      const first = box.querySelector("[data-picture]");
      if (!box.hidden && first) first.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      open(false);
      button.focus();
    });
    for (const choice of box.querySelectorAll("[data-picture]")) {
      choice.addEventListener("click", () => {
        const words = choice.dataset.description.replace(/[\[\]\\]/g, "");
        open(false);
        insert(area, spaced(area, `![${words}](anlage:${choice.dataset.picture})\n`).trimEnd());
      });
    }
  }

  // The server renders it, as it does for readers.
  function preview(field, area) {
    const form = area.closest("form[data-preview-url]");
    const button = field.querySelector("[data-preview-button]");
    if (!form || !button) return;
    const box = document.createElement("div");
    box.className = "panel prose";
    box.hidden = true;
    box.setAttribute("role", "status");
    field.append(box);
    button.hidden = false;
    button.addEventListener("click", async () => {
      box.hidden = !box.hidden;
      button.setAttribute("aria-expanded", String(!box.hidden));
      if (box.hidden) return;
      const body = new URLSearchParams({ text: area.value, csrfmiddlewaretoken: form.querySelector('[name="csrfmiddlewaretoken"]').value });
      try {
        const answer = await fetch(form.dataset.previewUrl, { method: "POST", body, credentials: "same-origin", redirect: "error" });
        if (!answer.ok) throw new Error(String(answer.status));
        box.innerHTML = await answer.text();
      } catch { box.textContent = button.dataset.failed; }
    });
  }

  // One stop for the Tab key, the arrow keys lead on: also when the toolbar is entered from behind.
  function show(toolbar) {
    toolbar.hidden = false;
    toolbar.removeAttribute("tabindex");
    [...toolbar.querySelectorAll("[data-md-button]")].forEach((button, at) => { button.tabIndex = at ? -1 : 0; });
  }

  function setUp(root) {
    for (const field of root.querySelectorAll("[data-markdown]:not([data-ready])")) {
      const area = field.querySelector("textarea");
      if (!area) continue;
      field.setAttribute("data-ready", "");
      area.addEventListener("paste", onPaste);
      pictures(field, area);
      preview(field, area);
      for (const toolbar of field.querySelectorAll("markdown-toolbar")) show(toolbar);
    }
  }

  document.addEventListener("portal:added", (event) => setUp(event.target));
  document.addEventListener("DOMContentLoaded", () => setUp(document));
})();
