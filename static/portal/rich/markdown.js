// Markdown in, document out, and back, the way the portal's own renderer reads it (governance/text/markdown.py). Pure.
// A block that nobody touched keeps its own source: opening and storing a text changes nothing.
(function () {
  "use strict";
  const { MarkdownParser, MarkdownSerializerState } = ProseMirror.markdown;
  const { schema, isAllowed } = window.PortalRich;
  const WORD = /[\p{L}\p{N}_]/u;
  const ATTACHMENT = /^anlage:\d{1,3}$/;

  // -- reading: where CommonMark and the portal's renderer differ, as the renderer ------------------

  function reader() {
    const md = ProseMirror.MarkdownIt("commonmark", { html: false }).enable("table").disable("reference");
    md.normalizeLink = (address) => address;
    md.validateLink = (address) => isAllowed(address) || ATTACHMENT.test(address);
    const rules = md.block.ruler.__rules__;
    const list = rules.find((rule) => rule.name === "list").fn;
    // "1)" is a text there, and a list begins after an empty line only.
    md.block.ruler.at("list", (state, line, end, silent) => {
      const words = state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
      if (/^(\d{1,9}\)|[-+*][ \t]*$)/.test(words)) return false;
      // Asked whether it ends a paragraph: below an item it does, with whatever number.
      if (silent) return state.listIndent >= 0 && /^([-+*]|\d{1,9}\.)[ \t]+\S/.test(words);
      return list(state, line, end, silent);
    }, { alt: ["paragraph", "reference", "blockquote"] });
    md.inline.State = class extends md.inline.State {
      scanDelims(start, canSplitWord) {
        const found = super.scanDelims(start, canSplitWord);
        const before = this.src.slice(Math.max(0, start - 2), start);
        const after = this.src.slice(start + found.length, start + found.length + 2);
        const open = /^\S/.test(after);
        const close = /\S$/.test(before);
        return {
          ...found,
          can_open: open && (canSplitWord || !wordAt(before, -1)),
          can_close: close && (canSplitWord || !wordAt(after, 0)),
        };
      }
    };
    return md;
  }

  function wordAt(text, at) {
    const found = Array.from(text).at(at);
    return Boolean(found) && WORD.test(found);
  }

  const parser = new MarkdownParser(schema, reader(), {
    blockquote: { block: "blockquote" },
    paragraph: { block: "paragraph" },
    list_item: { block: "list_item" },
    bullet_list: { block: "bullet_list", getAttrs: (token, tokens, at) => ({ tight: isTight(tokens, at) }) },
    ordered_list: {
      block: "ordered_list",
      getAttrs: (token, tokens, at) => ({ order: Number(token.attrGet("start") ?? 1), tight: isTight(tokens, at) }),
    },
    heading: { block: "heading", getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
    code_block: { block: "code_block", noCloseToken: true },
    fence: { block: "code_block", getAttrs: (token) => ({ params: token.info || "" }), noCloseToken: true },
    hr: { node: "horizontal_rule" },
    image: {
      node: "image",
      getAttrs: (token) => ({ src: token.attrGet("src"), title: token.attrGet("title") || null, alt: token.content }),
    },
    hardbreak: { node: "hard_break" },
    table: { block: "table" },
    thead: { ignore: true },
    tbody: { ignore: true },
    tr: { block: "table_row" },
    th: { block: "table_header" },
    td: { block: "table_cell" },
    em: { mark: "em" },
    strong: { mark: "strong" },
    link: { mark: "link", getAttrs: (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") || null }) },
    code_inline: { mark: "code", noCloseToken: true },
  });
  // The words of a cell stand in a line of their own.
  for (const cell of ["th", "td"]) {
    const { [`${cell}_open`]: open, [`${cell}_close`]: close } = parser.tokenHandlers;
    parser.tokenHandlers[`${cell}_open`] = (state, ...rest) => { open(state, ...rest); state.openNode(schema.nodes.cell_line); };
    parser.tokenHandlers[`${cell}_close`] = (state, ...rest) => { state.closeNode(); close(state, ...rest); };
  }

  // Whether the items stand close together is a matter of the outermost list; those below follow it.
  function isTight(tokens, at) {
    let depth = 0;
    for (let i = at - 1; i >= 0; i -= 1) {
      if (tokens[i].type === "list_item_open") depth += 1;
      if (tokens[i].type === "list_item_close") depth -= 1;
      if (depth > 0) return true;
    }
    for (let i = at + 1; i < tokens.length; i += 1) if (tokens[i].type === "paragraph_open") return tokens[i].hidden;
    return true;
  }

  // The document of a text; null where it holds what the editor does not know.
  function parse(text) {
    try {
      const doc = parser.parse(text);
      doc.check();
      return doc;
    } catch { return null; }
  }

  // -- writing --------------------------------------------------------------------------------------

  class Writer extends MarkdownSerializerState {
    esc(text, startOfLine = false) {
      let out = text.replace(/[\\`*[\]]/g, "\\$&")
        .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
        .replace(/&(?=#?\w+;)/g, "&amp;")
        .replace(/<(?=[^\s<>]*[:@][^<>]*>)/g, "&lt;");
      if (startOfLine || this.atLineStart) {
        out = out.replace(/^\s+/, "")
          .replace(/^(?:[#>|]|[-+](?=\s|$)|-(?=[-|:\s]*$))/, "\\$&")
          .replace(/^(\d+)\.(?=\s|$)/, "$1\\.")
          .replace(/^:(?=[-|:\s]+$)/, "&#58;")
          .replace(/^=(?==*\s*$)/, "&#61;")
          .replace(/^~(?=~~)/, "&#126;");
      }
      return out;
    }

    text(text, escape = true) {
      // No line may begin by chance: a text is one line, breaks are nodes of their own.
      super.text(text.replace(/\s*\n\s*/g, " "), escape);
      this.atLineStart = false;
    }

    plain(text) { super.text(text, false); }
  }

  const mark = (sign) => ({ open: sign, close: sign, mixable: true, expelEnclosingWhitespace: true });

  // Inside a word only the asterisk makes italics; elsewhere the underscore, which is easier to tell from bold.
  function emphasis(parent, at, node) {
    const has = (index) => index < parent.childCount && node.isInSet(parent.child(index).marks);
    let first = at;
    let last = at;
    while (first > 0 && has(first - 1)) first -= 1;
    while (has(last + 1)) last += 1;
    const before = first > 0 ? parent.child(first - 1).text || "" : "";
    const after = last + 1 < parent.childCount ? parent.child(last + 1).text || "" : "";
    return wordAt(before, -1) || wordAt(after, 0) ? "*" : "_";
  }

  function address(href) {
    const safe = href.replace(/[\s"<>\\]/g, (sign) => encodeURIComponent(sign));
    let depth = 0;
    for (const sign of safe) {
      if (sign === "(") depth += 1;
      if (sign === ")") depth -= 1;
      if (depth < 0) break;
    }
    return depth ? safe.replace(/\(/g, "%28").replace(/\)/g, "%29") : safe;
  }

  function titled(target, title) {
    return title ? `${target} "${title.replace(/["\\]/g, "'")}"` : target;
  }

  function fenceFor(code) {
    const longest = Math.max(2, ...(code.match(/`{3,}/g) || []).map((run) => run.length));
    return "`".repeat(longest + 1);
  }

  const isEmpty = (item) => !item.textContent.trim() && !hasPicture(item);

  function hasPicture(node) {
    let found = false;
    node.descendants((child) => { found = found || child.type === schema.nodes.image; });
    return found;
  }

  function list(state, node, marker) {
    const outer = state.apart;
    // How many line ends stand between two items, and between an item and the list below it.
    if (outer) state.flushClose(outer);
    state.apart = outer || (node.attrs.tight ? 1 : 2);
    let number = 0;
    node.forEach((item) => {
      if (isEmpty(item)) return;
      if (number) state.flushClose(state.apart);
      // Four blanks: what the renderer asks for below an item.
      state.wrapBlock("    ", marker(number), node, () => state.renderContent(item));
      number += 1;
    });
    state.apart = outer;
  }

  function cellsOf(row) {
    const cells = [];
    row.forEach((cell) => {
      const state = new Writer(blocks, marks, { hardBreakNodeName: "hard_break" });
      state.atBlockStart = false;
      state.renderInline(cell.firstChild, false);
      cells.push(state.out.trim().replace(/\|/g, "\\|"));
      for (let more = 1; more < cell.attrs.colspan; more += 1) cells.push("");
    });
    return cells;
  }

  function table(state, node) {
    const rows = [];
    node.forEach((row) => rows.push(cellsOf(row)));
    const width = Math.max(...rows.map((cells) => cells.length));
    const line = (cells) => `| ${Array.from({ length: width }, (_, at) => cells[at] || " ").join(" | ")} |`;
    rows.splice(1, 0, Array(width).fill("---"));
    rows.forEach((cells, at) => {
      if (at) state.ensureNewLine();
      state.write(line(cells));
    });
    state.closeBlock(node);
  }

  const blocks = {
    paragraph(state, node) {
      // An empty line is the distance between paragraphs; more of them say nothing.
      if (!node.textContent.trim() && !hasPicture(node)) return;
      state.renderInline(node);
      state.out = state.out.replace(/[\s]+$/, "");
      state.closeBlock(node);
    },
    heading(state, node) {
      if (isEmpty(node)) return;
      state.write("#".repeat(node.attrs.level) + " ");
      state.renderInline(node, false);
      state.out = state.out.replace(/\s+$/, "").replace(/#+$/, (signs) => signs.replace(/#/g, "\\#"));
      state.closeBlock(node);
    },
    blockquote(state, node) {
      if (!isEmpty(node)) state.wrapBlock("> ", null, node, () => state.renderContent(node));
    },
    bullet_list(state, node) { list(state, node, () => "- "); },
    ordered_list(state, node) { list(state, node, (at) => `${node.attrs.order + at}. `); },
    list_item(state, node) { state.renderContent(node); },
    code_block(state, node) {
      const fence = fenceFor(node.textContent);
      state.write(fence + node.attrs.params + "\n");
      state.plain(node.textContent);
      state.ensureNewLine();
      state.write(fence);
      state.closeBlock(node);
    },
    horizontal_rule(state, node) { state.write("---"); state.closeBlock(node); },
    table,
    image(state, node) {
      const words = node.attrs.alt.replace(/[[\]\\]/g, "");
      state.write(`![${words}](${titled(address(node.attrs.src), node.attrs.title)})`);
    },
    hard_break(state, node, parent, at) {
      // One at the end breaks nothing.
      for (let next = at + 1; next < parent.childCount; next += 1) {
        if (parent.child(next).type !== node.type && !/^\s*$/.test(parent.child(next).text ?? "x")) {
          state.out = state.out.replace(/ +$/, "");
          if (!state.atLineStart) state.write("  \n");
          state.atLineStart = true;
          return;
        }
      }
    },
    text(state, node) { state.text(node.text, !state.inAutolink); },
  };
  const marks = {
    em: {
      ...mark(""),
      open: (state, node, parent, at) => emphasis(parent, at, node),
      close: (state, node, parent, at) => emphasis(parent, at - 1, node),
    },
    strong: mark("**"),
    link: {
      open: "[",
      close: (state, node) => `](${titled(address(node.attrs.href), node.attrs.title)})`,
      mixable: true,
      expelEnclosingWhitespace: true,
    },
    code: {
      open: (state, node, parent, at) => ticks(parent.child(at), -1),
      close: (state, node, parent, at) => ticks(parent.child(at - 1), 1),
      escape: false,
    },
  };

  function ticks(node, side) {
    const runs = (node.text || "").match(/`+/g) || [];
    const sign = "`".repeat(runs.length ? Math.max(...runs.map((run) => run.length)) + 1 : 1);
    if (!runs.length) return sign;
    return side < 0 ? `${sign} ` : ` ${sign}`;
  }

  const written = new WeakMap();

  function block(node) {
    if (!written.has(node)) {
      const state = new Writer(blocks, marks, { hardBreakNodeName: "hard_break" });
      state.render(node, schema.nodes.doc.create(null, node), 0);
      written.set(node, state.out);
    }
    return written.get(node);
  }

  // -- the memory of a text: which block came from which piece of it --------------------------------

  function remember(text, doc) {
    const lines = text.split("\n");
    const ranges = parser.tokenizer.parse(text, {}).filter((token) => token.level === 0 && token.nesting >= 0).map((token) => token.map);
    const memory = { text, sources: [], place: new Map() };
    if (ranges.length !== doc.childCount || ranges.some((range) => !range)) return memory;
    const starts = [0];
    for (const line of lines) starts.push(starts[starts.length - 1] + line.length + 1);
    ranges.forEach(([from, to], at) => {
      let last = to;
      while (last > from + 1 && !lines[last - 1].trim()) last -= 1;
      memory.sources.push({ from: starts[from], to: starts[last] - 1 });
      memory.place.set(doc.child(at), at);
    });
    return memory;
  }

  // The text of a document; blocks that `memory` knows keep their own words, and the gap between two neighbours.
  function serialize(doc, memory = null) {
    const known = memory ? memory.place : new Map();
    let out = "";
    let before = -1;
    let all = memory !== null && doc.childCount === memory.sources.length;
    doc.forEach((node) => {
      const at = known.has(node) ? known.get(node) : -1;
      const source = at < 0 ? null : memory.sources[at];
      const words = source ? memory.text.slice(source.from, source.to) : block(node);
      if (!words) { all = false; return; }
      if (out) out += source && before >= 0 && before === at - 1 ? memory.text.slice(memory.sources[before].to, source.from) : "\n\n";
      all = all && source !== null;
      out += words;
      before = at;
    });
    return all ? memory.text : out;
  }

  Object.assign(window.PortalRich, { parse, serialize, remember });
})();
