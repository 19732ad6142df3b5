// What a text can consist of in the editor: no more than the portal's own Markdown shows to readers.
(function () {
  "use strict";
  const { Schema } = ProseMirror.model;
  const SHIFT = 2; // As for readers: a heading in a text stands below the page's h1 and the section's h2.

  const HEADING = {
    attrs: { level: { default: 2 } },
    content: "(text | image)*",
    group: "block",
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((rank) => ({
      tag: `h${rank}`,
      getAttrs: (dom) => ({ level: Number(dom.getAttribute("data-level")) || rank }),
    })),
    toDOM: (node) => [`h${Math.min(node.attrs.level + SHIFT, 6)}`, { "data-level": node.attrs.level }, 0],
  };

  // A cell is one line of words.
  const CELL_LINE = {
    content: "text*",
    parseDOM: [{ tag: "p[data-cell]", priority: 60 }],
    toDOM: () => ["p", { "data-cell": "" }, 0],
  };

  const IMAGE = {
    inline: true,
    group: "inline",
    draggable: true,
    attrs: { src: {}, alt: { default: "" }, title: { default: null } },
    parseDOM: [{
      tag: "[data-anlage]",
      getAttrs: (dom) => ({ src: dom.getAttribute("data-anlage"), alt: dom.getAttribute("data-alt") || "" }),
    }],
    toDOM: (node) => ["span", { "data-anlage": node.attrs.src, "data-alt": node.attrs.alt }, node.attrs.alt],
  };

  function tables() {
    const { table, table_row, table_cell, table_header } = ProseMirror.tables.tableNodes({
      tableGroup: "block", cellContent: "cell_line", cellAttributes: {},
    });
    // An empty head is no head to a screen reader, and an element cannot change its name while one types in it.
    const head = {
      ...table_header,
      parseDOM: [{ tag: "th" }, { tag: "td[data-head]", priority: 60 }],
      toDOM: () => ["td", { "data-head": "" }, 0],
    };
    return { table, table_row, table_cell, table_header: head };
  }

  const nodes = {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: HEADING,
    blockquote: {
      content: "(paragraph | bullet_list | ordered_list)+",
      group: "block",
      defining: true,
      parseDOM: [{ tag: "blockquote" }],
      toDOM: () => ["blockquote", 0],
    },
    bullet_list: {
      attrs: { tight: { default: true } },
      content: "list_item+",
      group: "block",
      parseDOM: [{ tag: "ul" }],
      toDOM: () => ["ul", 0],
    },
    ordered_list: {
      attrs: { tight: { default: true }, order: { default: 1 } },
      content: "list_item+",
      group: "block",
      parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: Number(dom.getAttribute("start")) || 1 }) }],
      toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
    },
    list_item: {
      content: "paragraph (bullet_list | ordered_list)*",
      defining: true,
      parseDOM: [{ tag: "li" }],
      toDOM: () => ["li", 0],
    },
    code_block: {
      attrs: { params: { default: "" } },
      content: "text*",
      marks: "",
      group: "block",
      code: true,
      defining: true,
      parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
      toDOM: () => ["pre", ["code", 0]],
    },
    horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    ...tables(),
    cell_line: CELL_LINE,
    text: { group: "inline" },
    image: IMAGE,
    hard_break: {
      inline: true, group: "inline", selectable: false, linebreakReplacement: true,
      parseDOM: [{ tag: "br" }], toDOM: () => ["br"],
    },
  };

  const marks = {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [{
        tag: "a[href]",
        getAttrs: (dom) => (isAllowed(dom.getAttribute("href")) ? { href: dom.getAttribute("href"), title: dom.getAttribute("title") } : false),
      }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, title: mark.attrs.title }, 0],
    },
    strong: {
      parseDOM: [{ tag: "strong" }, { tag: "b" }],
      toDOM: () => ["strong", 0],
    },
    em: {
      parseDOM: [{ tag: "em" }, { tag: "i" }],
      toDOM: () => ["em", 0],
    },
    code: { code: true, excludes: "_", parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  };

  // The same addresses as for readers (governance/text/markdown.py).
  function isAllowed(address) {
    return /^(https?:\/\/|mailto:|\/(?!\/)|#)/i.test(address || "");
  }

  window.PortalRich = { schema: new Schema({ nodes, marks }), isAllowed };
})();
