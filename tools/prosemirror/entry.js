// What the editor of texts needs of other people's work, in one file; the portal's own part is static/portal/rich/.
export * as commands from "prosemirror-commands";
export * as history from "prosemirror-history";
export * as inputrules from "prosemirror-inputrules";
export * as keymap from "prosemirror-keymap";
export * as markdown from "prosemirror-markdown";
export * as model from "prosemirror-model";
export * as schemaList from "prosemirror-schema-list";
export * as state from "prosemirror-state";
export * as tables from "prosemirror-tables";
export * as view from "prosemirror-view";
export { gapCursor } from "prosemirror-gapcursor";
export { default as MarkdownIt } from "markdown-it";
