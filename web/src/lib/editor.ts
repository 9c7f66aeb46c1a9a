import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { type Schema, completions } from "./complete";

/** A place in the text with something to say about it; lines and columns count from 1. */
export type Note = { line: number; column: number; severity: "error" | "warning" | "info"; message: string };

export type Editor = {
  text(): string;
  replace(text: string): void;
  mark(notes: Note[]): void;
  goTo(line: number, column: number): void;
  destroy(): void;
};

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--code-value)" },
  { tag: [tags.lineComment, tags.comment, tags.meta], color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--quiet)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--card)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { backgroundColor: "var(--shade)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--select)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--shade)", outline: "1px solid var(--rule)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--card)", border: "1px solid var(--line)" },
  ".cm-tooltip-lint, .cm-completionInfo": { maxWidth: "30rem", fontFamily: "var(--sans)", lineHeight: "1.4" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--card)", backgroundColor: "var(--accent)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--shade)" },
  ".cm-textfield, .cm-button": { color: "var(--ink)", background: "var(--card)", border: "1px solid var(--line)" },
  ".cm-diagnostic-error": { borderLeft: "5px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "5px solid var(--warn)" },
  ".cm-diagnostic-info": { borderLeft: "5px solid var(--accent)" },
  ".cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad) 1.5px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warn)" },
  ".cm-lintRange-info": { textDecorationColor: "var(--accent)" },
  ".cm-lint-marker": { content: "none", width: "0.9em", height: "0.9em", marginTop: "0.3em" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)", borderRadius: "50%" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--warn)" },
  ".cm-lint-marker-info": { content: "none", border: "2px solid var(--accent)" },
});

/**
 * An editor of policies inside a host element. It lives in a shadow tree, so that its own style sheets are
 * objects and not elements: the pages' policy of content forbids the latter.
 */
export function makeEditor(
  host: HTMLElement,
  text: string,
  label: string,
  schema: () => Schema | undefined,
  changed: (text: string) => void,
): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    state: EditorState.create({ doc: text, extensions: extensions(label, schema, changed) }),
    parent: root,
    root,
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, selection: { anchor: 0 } });
      view.scrollDOM.scrollTop = 0;
    },
    mark: (notes) => view.dispatch(setDiagnostics(view.state, diagnostics(view.state, notes))),
    goTo: (line, column) => {
      const from = position(view.state, line, column);
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function extensions(label: string, schema: () => Schema | undefined, changed: (text: string) => void) {
  return [
    lineNumbers(),
    lintGutter({ hoverTime: 100 }),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    autocompletion({ override: [completions(schema)], activateOnTypingDelay: 30 }),
    yaml(),
    syntaxHighlighting(colours),
    look,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false" }),
    keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
  ];
}

function position(state: EditorState, line: number, column: number): number {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(found.from + Math.max(column - 1, 0), found.to);
}

/** The word at each place is underlined; a place without a word, its whole line. */
function diagnostics(state: EditorState, notes: Note[]): Diagnostic[] {
  return notes.map((note) => {
    const from = position(state, note.line, note.column);
    const line = state.doc.lineAt(from);
    const word = /^[\w.-]+/.exec(state.sliceDoc(from, line.to))?.[0] ?? "";
    const to = word ? from + word.length : line.to;
    return { from: Math.min(from, to), to, severity: note.severity, message: note.message };
  });
}
