// What the buttons and keys of the editor do, and what holds after each change.
(function () {
  "use strict";
  const { commands, history, inputrules, keymap, schemaList, state, tables, view } = ProseMirror;
  const { schema } = window.PortalRich;
  const { nodes, marks } = schema;

  function within($pos, ...types) {
    for (let depth = $pos.depth; depth > 0; depth -= 1) if (types.includes($pos.node(depth).type)) return depth;
    return 0;
  }

  const inTable = (now) => within(now.selection.$from, nodes.table) > 0;
  const inList = (now) => within(now.selection.$from, nodes.list_item) > 0;
  const listOf = (now) => {
    const depth = within(now.selection.$from, nodes.bullet_list, nodes.ordered_list);
    return depth ? { type: now.selection.$from.node(depth).type, at: now.selection.$from.before(depth), node: now.selection.$from.node(depth) } : null;
  };

  function hasMark(now, type) {
    const { from, to, empty, $from } = now.selection;
    return empty ? Boolean(type.isInSet(now.storedMarks || $from.marks())) : now.doc.rangeHasMark(from, to, type);
  }

  function heading(level) {
    const is = (now) => { const { parent } = now.selection.$from; return parent.type === nodes.heading && parent.attrs.level === level; };
    const run = (now, dispatch) => (is(now) ? commands.setBlockType(nodes.paragraph) : commands.setBlockType(nodes.heading, { level }))(now, dispatch);
    return { run, is };
  }

  function list(type) {
    const is = (now) => { const found = listOf(now); return Boolean(found) && found.type === type; };
    function run(now, dispatch) {
      const found = listOf(now);
      if (!found) return schemaList.wrapInList(type)(now, dispatch);
      if (found.type === type) return schemaList.liftListItem(nodes.list_item)(now, dispatch);
      if (dispatch) dispatch(now.tr.setNodeMarkup(found.at, type, { tight: found.node.attrs.tight }));
      return true;
    }
    return { run, is };
  }

  const quote = {
    is: (now) => within(now.selection.$from, nodes.blockquote) > 0,
    run: (now, dispatch) => (quote.is(now) ? commands.lift : commands.wrapIn(nodes.blockquote))(now, dispatch),
  };

  function newTable(now, dispatch) {
    if (inTable(now) || inList(now) || quote.is(now)) return false;
    const row = (type) => nodes.table_row.create(null, [1, 2].map(() => type.createAndFill()));
    const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
    const { $from } = now.selection;
    const isFree = $from.parent.type === nodes.paragraph && !$from.parent.content.size && $from.depth === 1;
    const at = isFree ? $from.before(1) : $from.after(1);
    if (!dispatch) return true;
    const tr = isFree ? now.tr.replaceWith(at, at + 2, table) : now.tr.insert(at, table);
    dispatch(tr.setSelection(state.TextSelection.near(tr.doc.resolve(at + 3))).scrollIntoView());
    return true;
  }

  // Enter goes on to the cell below, and out of the table at its end: a cell is one line.
  function enterInTable(now, dispatch) {
    if (!inTable(now)) return false;
    const { $from } = now.selection;
    const depth = within($from, nodes.table);
    const table = $from.node(depth);
    const row = $from.index(depth);
    let at = $from.start(depth);
    for (let i = 0; i <= row; i += 1) at += table.child(i).nodeSize;
    if (dispatch) {
      if (row + 1 < table.childCount) {
        let cell = at + 1;
        const next = table.child(row + 1);
        for (let i = 0; i < Math.min($from.index(depth + 1), next.childCount - 1); i += 1) cell += next.child(i).nodeSize;
        dispatch(now.tr.setSelection(state.TextSelection.near(now.doc.resolve(cell + 1))).scrollIntoView());
      } else dispatch(now.tr.setSelection(state.Selection.near(now.doc.resolve($from.after(depth)))).scrollIntoView());
    }
    return true;
  }

  function lineBreak(now, dispatch) {
    const { parent } = now.selection.$from;
    if (parent.type !== nodes.paragraph) return false;
    if (dispatch) dispatch(now.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
    return true;
  }

  const toggle = (type) => ({ run: commands.toggleMark(type), is: (now) => hasMark(now, type) });
  const plain = (run) => ({ run, is: null });
  const actions = {
    heading: heading(2),
    subheading: heading(3),
    bold: toggle(marks.strong),
    italic: toggle(marks.em),
    bullets: list(nodes.bullet_list),
    numbers: list(nodes.ordered_list),
    indent: plain(schemaList.sinkListItem(nodes.list_item)),
    outdent: plain(schemaList.liftListItem(nodes.list_item)),
    quote,
    table: plain(newTable),
    "row-add": plain(tables.addRowAfter),
    "row-remove": plain(tables.deleteRow),
    "column-add": plain(tables.addColumnAfter),
    "column-remove": plain(tables.deleteColumn),
    "table-remove": plain(tables.deleteTable),
    undo: plain(history.undo),
    redo: plain(history.redo),
  };

  // -- what holds after each change -----------------------------------------------------------------

  // Two lists or quotes side by side are one for readers; so they are one here.
  function firstPair(doc) {
    let found = 0;
    doc.descendants((node, pos) => {
      let at = pos + 1;
      for (let i = 0; !found && i + 1 < node.childCount; i += 1) {
        at += node.child(i).nodeSize;
        if (isPair(node.child(i), node.child(i + 1))) found = at;
      }
      return !found && !node.isTextblock;
    });
    let at = 0;
    for (let i = 0; !found && i + 1 < doc.childCount; i += 1) {
      at += doc.child(i).nodeSize;
      if (isPair(doc.child(i), doc.child(i + 1))) found = at;
    }
    return found;
  }

  const isPair = (one, other) => one.type === other.type && [nodes.bullet_list, nodes.ordered_list, nodes.blockquote].includes(one.type);

  function tidy(now) {
    const tr = now.tr;
    for (let at = firstPair(tr.doc); at; at = firstPair(tr.doc)) tr.join(at);
    // The first row of a table is its head.
    tr.doc.forEach((table, start) => {
      if (table.type !== nodes.table) return;
      let at = start + 1;
      table.forEach((row, offset, index) => {
        let cell = at + 1;
        row.forEach((one) => {
          const wanted = index === 0 ? nodes.table_header : nodes.table_cell;
          if (one.type !== wanted) tr.setNodeMarkup(cell, wanted, one.attrs);
          cell += one.nodeSize;
        });
        at += row.nodeSize;
      });
    });
    // Below a table there is always room to write on.
    const last = tr.doc.lastChild;
    if ([nodes.table, nodes.code_block, nodes.horizontal_rule].includes(last.type)) tr.insert(tr.doc.content.size, nodes.paragraph.create());
    return tr.docChanged ? tr.setMeta("addToHistory", false) : null;
  }

  const tidying = new state.Plugin({
    appendTransaction: (transactions, before, now) => (transactions.some((one) => one.docChanged) ? tidy(now) : null),
  });

  function rules() {
    const { textblockTypeInputRule, wrappingInputRule, inputRules } = inputrules;
    return inputRules({ rules: [
      textblockTypeInputRule(/^(#{2,3})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
      wrappingInputRule(/^[-*]\s$/, nodes.bullet_list),
      wrappingInputRule(/^(\d{1,3})\.\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]) })),
      wrappingInputRule(/^>\s$/, nodes.blockquote),
    ] });
  }

  // Tab leaves the field; in a table it goes from cell to cell, as everywhere, and leaves from the last (back: the first).
  function plugins(keys) {
    return [
      rules(),
      keymap.keymap({
        "Mod-b": actions.bold.run, "Mod-i": actions.italic.run,
        "Mod-z": history.undo, "Mod-y": history.redo, "Shift-Mod-z": history.redo,
        "Shift-Mod-8": actions.bullets.run, "Shift-Mod-7": actions.numbers.run,
        "Alt-Shift-ArrowRight": actions.indent.run, "Alt-Shift-ArrowLeft": actions.outdent.run,
        "Shift-Enter": lineBreak, "Mod-Enter": lineBreak,
        Tab: tables.goToNextCell(1), "Shift-Tab": tables.goToNextCell(-1),
        Enter: commands.chainCommands(enterInTable, schemaList.splitListItem(nodes.list_item)),
        ...keys,
      }),
      keymap.keymap(commands.baseKeymap),
      history.history(),
      ProseMirror.gapCursor(),
      tables.tableEditing(),
      tidying,
    ];
  }

  Object.assign(window.PortalRich, { actions, plugins, tidy, inTable, inList, hasMark, View: view.EditorView, State: state.EditorState });
})();
