// Markdown fields: shows the toolbar, and turns pasted text with formatting into Markdown.
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

  function setUp(root) {
    for (const field of root.querySelectorAll("[data-markdown]:not([data-ready])")) {
      const area = field.querySelector("textarea");
      if (!area) continue;
      field.setAttribute("data-ready", "");
      area.addEventListener("paste", onPaste);
      for (const toolbar of field.querySelectorAll("markdown-toolbar")) toolbar.hidden = false;
    }
  }

  document.addEventListener("portal:added", (event) => setUp(event.target));
  document.addEventListener("DOMContentLoaded", () => setUp(document));
})();
