// Turns what Word, Outlook or a web page puts on the clipboard into Markdown.
(function () {
  "use strict";
  const DROPPED = "style, script, meta, link, title, xml, head, noscript, template, object, iframe, form, svg, input, button, select";
  const LIST_STYLE = /mso-list:\s*(?!ignore|none)(?:[^;"]*?\blevel(\d))?/i;
  const NUMBER = /^\s*(?:\(?\d+|\(?[a-z]|\(?[ivxlc]+)[.)]/i;

  function converter() {
    const service = new TurndownService({
      headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "_", hr: "---",
    });
    service.use([turndownPluginGfm.tables, turndownPluginGfm.strikethrough]);
    // Later rules win: a cell is one line, and a bar inside it must not end it.
    service.addRule("cell", {
      filter: ["th", "td"],
      replacement(content, node) {
        const text = content.trim().replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");
        return (node.previousElementSibling ? " " : "| ") + (text || " ") + " |";
      },
    });
    // A picture from elsewhere would not be shown; pictures come in as attachments.
    service.addRule("picture", { filter: "img", replacement: () => "" });
    service.addRule("link", {
      filter: (node) => node.nodeName === "A",
      replacement(content, node) {
        const address = node.getAttribute("href") || "";
        const text = content.replace(/\s+/g, " ").trim();
        if (!text || !/^(https?:|mailto:)/i.test(address)) return content;
        return `[${text}](${address.replace(/ /g, "%20").replace(/\(/g, "%28").replace(/\)/g, "%29")})`;
      },
    });
    return service;
  }

  function unwrap(element) {
    element.replaceWith(...element.childNodes);
  }

  function rename(element, name) {
    const copy = element.ownerDocument.createElement(name);
    copy.append(...element.childNodes);
    element.replaceWith(copy);
    return copy;
  }

  function removeComments(root) {
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    // Word hides a list's marker between <!--[if !supportLists]--> and <!--[endif]-->.
    for (const comment of found) comment.remove();
  }

  function wordLevel(paragraph) {
    const match = LIST_STYLE.exec(paragraph.getAttribute("data-style") || "");
    if (match) return Number(match[1] || 1);
    return /MsoListParagraph|MsoListBullet|MsoListNumber/.test(paragraph.className) && markerOf(paragraph) ? 1 : 0;
  }

  function markerOf(paragraph) {
    for (const span of paragraph.querySelectorAll("span")) {
      if (/mso-list:\s*ignore/i.test(span.getAttribute("data-style") || "")) return span;
    }
    return null;
  }

  // Word writes list items as paragraphs with a level in their style; nested lists are built from that.
  function buildLists(root) {
    let open = [];
    let last = null;
    for (const paragraph of [...root.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6")]) {
      const level = paragraph.tagName === "P" ? wordLevel(paragraph) : 0;
      if (!level) continue;
      if (!last || last !== paragraph.previousElementSibling) open = [];
      const marker = markerOf(paragraph);
      const tag = marker && NUMBER.test(marker.textContent) ? "ol" : "ul";
      if (marker) marker.remove();
      const item = root.ownerDocument.createElement("li");
      item.append(...paragraph.childNodes);
      open.length = Math.min(open.length, level);
      const depth = open.length;
      if (depth && depth >= level) {
        open[depth - 1].append(item);
        paragraph.remove();
      } else {
        const list = root.ownerDocument.createElement(tag);
        list.append(item);
        const parent = depth ? open[depth - 1].lastElementChild : null;
        if (parent) {
          parent.append(list);
          paragraph.remove();
        } else {
          paragraph.replaceWith(list);
        }
        open[depth] = list;
      }
      last = open[0];
    }
  }

  // Google Docs wraps all in <b style="font-weight:normal">; Word marks bold and italic by style alone, and writes
  // mso-bidi-font-weight:normal into what is bold.
  function readStyles(root) {
    for (const element of [...root.querySelectorAll("b, strong, i, em, span")]) {
      const style = element.getAttribute("data-style") || "";
      const bold = /(?:^|;)\s*font-weight:\s*(bold|[6-9]00)/i.test(style);
      const italic = /(?:^|;)\s*font-style:\s*italic/i.test(style);
      if (/^(B|STRONG)$/.test(element.tagName) && /(?:^|;)\s*font-weight:\s*(normal|400)/i.test(style)) unwrap(element);
      else if (element.tagName === "SPAN" && (bold || italic) && element.textContent.trim()) rename(element, bold ? "strong" : "em");
    }
  }

  function readHeadings(root) {
    for (const paragraph of [...root.querySelectorAll("p")]) {
      const match = /^Mso(?:Title|Heading(\d)?)$|^(?:Heading|berschrift)(\d)$/.exec(paragraph.className);
      if (match) rename(paragraph, "h" + (match[1] || match[2] || 2));
    }
    // The record's title is the only first rank; the portal's headings in a text begin with the second.
    for (const heading of [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")]) {
      for (const strong of [...heading.querySelectorAll("strong, b")]) unwrap(strong);
      if (!heading.textContent.trim()) heading.remove();
      else if (heading.tagName === "H1") rename(heading, "h2");
    }
  }

  function expand(cell, count) {
    const copies = Math.min(count, 20) - 1;
    cell.removeAttribute("colspan");
    for (let i = 0; i < copies; i += 1) cell.after(cell.ownerDocument.createElement(cell.tagName));
  }

  function isLayout(table) {
    return table.querySelector("table") || table.rows.length === 0 || [...table.rows].every((row) => row.cells.length < 2);
  }

  // Markdown knows tables with one heading row and cells of one line.
  function plainTables(root) {
    for (const table of [...root.querySelectorAll("table")].reverse()) {
      if (isLayout(table)) {
        const parts = [...table.rows].flatMap((row) => [...row.cells]).map((cell) => rename(cell, "div"));
        table.replaceWith(...parts);
        continue;
      }
      for (const cell of [...table.querySelectorAll("td, th")]) {
        if (cell.colSpan > 1) expand(cell, cell.colSpan);
        for (const block of [...cell.querySelectorAll("p, div, ul, ol, li, h1, h2, h3, h4, h5, h6")]) {
          block.after(" ");
          unwrap(block);
        }
        for (const line of [...cell.querySelectorAll("br")]) line.replaceWith(" ");
      }
      const body = table.ownerDocument.createElement("tbody");
      const head = table.ownerDocument.createElement("thead");
      const [first, ...rest] = [...table.rows];
      for (const cell of [...first.cells]) {
        for (const strong of [...cell.querySelectorAll("strong, b")]) unwrap(strong);
        rename(cell, "th");
      }
      head.append(first);
      body.append(...rest);
      for (const row of [first, ...rest]) {
        for (const node of [...row.childNodes]) if (node.nodeType !== 1) node.remove();
      }
      const width = Math.max(...[first, ...rest].map((row) => row.cells.length));
      for (const row of [first, ...rest]) {
        while (row.cells.length < width) row.append(row.ownerDocument.createElement(row === first ? "th" : "td"));
      }
      table.replaceChildren(head, body);
    }
  }

  function clean(root) {
    removeComments(root);
    for (const junk of [...root.querySelectorAll(DROPPED)]) junk.remove();
    for (const element of [...root.querySelectorAll("*")]) {
      // o:p, w:sdt and the like: Office's own names.
      if (!element.tagName.includes(":")) continue;
      if (element.textContent.trim()) unwrap(element); else element.remove();
    }
    buildLists(root);
    readStyles(root);
    readHeadings(root);
    plainTables(root);
    for (const only of [...root.querySelectorAll("li > p:only-child")]) unwrap(only);
    for (const anchor of [...root.querySelectorAll("a:not([href])")]) unwrap(anchor);
  }

  // The policy of the page forbids styles and event handlers also in a parsed text; as data they do no harm.
  function disarm(html) {
    return html.replace(/<style[\s\S]*?<\/style>/gi, "")
      .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style=").replace(/\son\w+\s*=/gi, " data-on="));
  }

  function cleanBody(html) {
    const root = new DOMParser().parseFromString(disarm(html), "text/html").body;
    clean(root);
    return root;
  }

  // For the editor, whose schema takes only what it knows; pictures come in as attachments.
  function toHtml(html) {
    const root = cleanBody(html);
    for (const picture of [...root.querySelectorAll("img")]) picture.remove();
    return root.innerHTML;
  }

  function toMarkdown(html) {
    return converter().turndown(cleanBody(html)).replace(/\u00a0/g, " ").replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
  }

  window.PortalPaste = { disarm, toHtml, toMarkdown };
})();
