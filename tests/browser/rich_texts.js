// Documents of the editor, made by chance from a seed, for test_editor.py: each as Markdown, as readers should see it,
// and whether the editor reads its own Markdown as the same document.
({ seed, count }) => {
  const { schema, parse, serialize, remember } = window.PortalRich;
  const WORDS = ["Amt", "Größe", "für", "soll_ist", "3 * 4", "a*b", "_x_", "[x]", "[x](y)", "(y)", "`", "<b>", "<https://x.example>",
    "<p@x.example>", "&amp;", "&", "# eins", "#eins", "1. eins", "2) zwei", "- drei", "+ vier", "> fünf", "|", "a|b", "~~~", "```",
    "===", "---", "|---|---|", ":--", "\\", "\\*", "!", "![", "https://x.example/a_b_c", "{x}", "„Zitat“", "C#", "§ 3 Abs. 2", "10 %",
    "**", "***", "__", "a  b", "1.", "-", "*", "Straße 5-7", "e. V.", "z.\u00a0B.", "5 < 6", "a & b", "[1]: x", "=", "+", "4 > 3"];
  const PLAIN = ["Amt", "Größe", "für", "Antrag", "soll_ist", "Wohngeld", "§ 3", "drei"];

  // mulberry32
  let now = seed;
  function chance() {
    now = (now + 0x6d2b79f5) | 0;
    let t = Math.imul(now ^ (now >>> 15), 1 | now);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  const below = (n) => Math.floor(chance() * n);
  const pick = (list) => list[below(list.length)];
  const many = (most, make) => Array.from({ length: 1 + below(most) }, make);
  const node = (name, attrs, content) => schema.nodes[name].create(attrs, content);
  const text = (words, marks) => schema.text(words, marks);

  function words() { return many(4, () => pick(WORDS)).join(pick([" ", " ", ", "])); }

  function marked(inLink) {
    const kind = below(inLink ? 3 : 5);
    if (kind === 0) return [text(pick(PLAIN), [schema.marks.strong.create()])];
    if (kind === 1) return [text(pick(PLAIN), [schema.marks.em.create()])];
    if (kind === 2) return [text(pick(["a_b", "x*y", "a`b", "1 + 1", "<b>", "\\n"]), [schema.marks.code.create()])];
    if (kind === 3) return [text(words(), [schema.marks.link.create({ href: pick(["https://x.example/a_(b)", "mailto:p@x.example", "/L-3", "https://x.example/?a=1&b=2"]) })])];
    const strong = schema.marks.strong.create();
    return [text("sehr ", [strong]), text(pick(PLAIN), [schema.marks.em.create(), strong]), text(" weit", [strong])];
  }

  function inline(cell) {
    const out = [];
    many(4, () => {
      const kind = below(cell ? 4 : 7);
      if (kind < 3) out.push(text(words()));
      else if (kind < 5) out.push(...marked(false), ...(below(4) ? [text(pick([" und ", ", ", "."]))] : []));
      else if (kind === 5) out.push(node("hard_break"), text(pick(WORDS)));
      else out.push(node("image", { src: `anlage:${1 + below(9)}`, alt: pick(["Ein Bild", "Antrag, neu", "a_b_c"]) }), text(" "));
    });
    const loud = out.filter((one) => !one.isText || one.text.trim());
    return loud.length ? trimmed(out) : [text("Amt")];
  }

  // As a text stands in the editor: no blanks around a line, and none but one where it breaks.
  function trimmed(list) {
    const joined = schema.nodes.paragraph.create(null, ProseMirror.model.Fragment.fromArray(list));
    const parts = [];
    joined.forEach((child, offset, at) => {
      if (!child.isText) return parts.push(child);
      let words = child.text;
      const before = at ? joined.child(at - 1) : null;
      const after = at + 1 < joined.childCount ? joined.child(at + 1) : null;
      if (!before || before.type.name === "hard_break") words = words.trimStart();
      if (!after || after.type.name === "hard_break") words = words.trimEnd();
      if (words) parts.push(schema.text(words, child.marks));
      return null;
    });
    while (parts.length && parts[0].type.name === "hard_break") parts.shift();
    while (parts.length && parts[parts.length - 1].type.name === "hard_break") parts.pop();
    return parts.length ? parts : [text("Amt")];
  }

  const paragraph = () => node("paragraph", null, inline(false));

  function list(depth) {
    const type = pick(["bullet_list", "ordered_list"]);
    const order = type === "ordered_list" ? { order: pick([1, 1, 3]) } : {};
    const items = many(3, () => {
      const parts = [paragraph()];
      if (depth < 3 && below(3) === 0) parts.push(list(depth + 1));
      return node("list_item", null, parts);
    });
    return node(type, { tight: depth > 1 || items.length < 2 || below(4) > 0, ...order }, items);
  }

  function table() {
    const width = 1 + below(3);
    const row = (type) => node("table_row", null, Array.from({ length: width }, () => node(type, null, node("cell_line", null, below(5) ? cell() : []))));
    return node("table", null, [row("table_header"), ...many(3, () => row("table_cell"))]);
  }

  function cell() {
    return trimmed(inline(true).filter((one) => one.isText && !(one.marks.some((mark) => mark.type.name === "code") && one.text.includes("|"))));
  }

  function block(before) {
    const kind = below(8);
    if (kind < 3) return paragraph();
    if (kind === 3) return node("heading", { level: 1 + below(4) }, trimmed(inline(false).filter((one) => one.isText)));
    if (kind === 4) {
      const one = list(1);
      return before && before.type === one.type ? paragraph() : one;
    }
    if (kind === 5) return before && before.type.name === "blockquote" ? paragraph() : node("blockquote", null, [paragraph(), ...(below(2) ? [list(2)] : [])]);
    if (kind === 6) return table();
    return below(2) ? node("horizontal_rule") : node("code_block", { params: "" }, text(pick(["a = *b*\n\n  # c", "```", "x | y"])));
  }

  // -- as readers should see it ---------------------------------------------------------------------

  const escaped = (words) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const TAGS = { strong: "strong", em: "em", code: "code", link: "a" };

  function inner(parent) {
    let out = "";
    let open = [];
    const close = (keep) => { while (open.length > keep) out += `</${TAGS[open.pop().type.name]}>`; };
    parent.forEach((child) => {
      let keep = 0;
      while (keep < open.length && keep < child.marks.length && open[keep].eq(child.marks[keep])) keep += 1;
      close(keep);
      for (const mark of child.marks.slice(keep)) {
        const name = TAGS[mark.type.name];
        out += `<${name}${name === "a" ? ` href="${escaped(mark.attrs.href)}"` : ""}>`;
        open.push(mark);
      }
      if (child.isText) out += escaped(child.text);
      else out += child.type.name === "hard_break" ? "<br>" : `<img alt="${child.attrs.alt}" src="/${child.attrs.src.slice(7)}">`;
    });
    close(0);
    return out;
  }

  function shown(one) {
    const all = () => { let out = ""; one.forEach((child) => { out += shown(child); }); return out; };
    switch (one.type.name) {
      case "paragraph": return `<p>${inner(one)}</p>`;
      case "heading": return `<h${Math.min(6, one.attrs.level + 2)}>${inner(one)}</h${Math.min(6, one.attrs.level + 2)}>`;
      case "code_block": return `<pre><code>${escaped(one.textContent)}\n</code></pre>`;
      case "horizontal_rule": return "<hr>";
      case "table": {
        let rows = "";
        one.forEach((row, offset, at) => {
          let cells = "";
          row.forEach((part) => {
            const name = at === 0 && part.textContent.trim() ? "th" : "td";
            cells += `<${name}>${inner(part.firstChild)}</${name}>`;
          });
          rows += at === 0 ? `<thead><tr>${cells}</tr></thead><tbody>` : `<tr>${cells}</tr>`;
        });
        return `<table>${rows}</tbody></table>`;
      }
      case "list_item": {
        let out = "";
        one.forEach((child) => { out += child.type.name === "paragraph" ? inner(child) : shown(child); });
        return `<li>${out}</li>`;
      }
      case "bullet_list": return `<ul>${all()}</ul>`;
      case "ordered_list": return `<ol${one.attrs.order === 1 ? "" : ` start="${one.attrs.order}"`}>${all()}</ol>`;
      case "blockquote": return `<blockquote>${all()}</blockquote>`;
      default: return all();
    }
  }

  return Array.from({ length: count }, () => {
    const blocks = [];
    many(5, () => blocks.push(block(blocks[blocks.length - 1])));
    const doc = node("doc", null, blocks);
    doc.check();
    const markdown = serialize(doc);
    const back = parse(markdown);
    return {
      markdown,
      html: shown(doc),
      again: back ? shown(back) : "",
      same: Boolean(back) && back.eq(doc),
      stays: Boolean(back) && serialize(back) === markdown && serialize(back, remember(markdown, back)) === markdown,
    };
  });
}
