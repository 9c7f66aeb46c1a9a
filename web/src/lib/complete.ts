import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

/** As much of JSON Schema as completion looks at. */
export type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: { enum?: string[] };
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  type?: string | string[];
  description?: string;
};

/** Where the cursor stands: the keys above it, whether a key or a value is to come, and what is typed of it. */
export type Spot = { path: string[]; wants: "key" | "value"; typed: string; taken: string[] };

/** Which section of the file a key refers to by id. */
const REFERS: Record<string, string> = {
  department: "departments",
  feed: "feeds",
  feeds: "feeds",
  lists: "lists",
  list: "lists",
  score: "scores",
  reference: "references",
  behaviours: "behaviours",
};
const ITEM = "[]";
const KEY = /^(\s*)(?:- )?([\w.-]+):(?=\s|$)/;

/** Work out from the text before the cursor what is being written. */
export function spotAt(before: string): Spot | undefined {
  const lines = before.split("\n");
  const last = lines.length - 1;
  const current = lines[last] ?? "";
  if (/(^|\s)#/.test(current)) return undefined;
  const top = lines.findLastIndex((line) => /^[\w-]+:/.test(line));
  const flow = inFlow(lines.slice(Math.max(top, 0)).join("\n"));
  if (flow) {
    const line = Math.max(top, 0) + flow.line;
    const entry = KEY.exec(lines[line] ?? "");
    const block = entry ? [...above(lines, line, entry[1]?.length ?? 0), entry[2] ?? ""] : above(lines, line, 0);
    return { ...flow.spot, path: [...block, ...flow.spot.path] };
  }
  const value = /^(\s*)(?:- )?([\w.-]+):\s+(.*)$/.exec(current);
  if (value)
    return {
      path: [...above(lines, last, value[1]?.length ?? 0), value[2] ?? ""],
      wants: "value",
      typed: value[3] ?? "",
      taken: [],
    };
  const key = /^(\s*)(- )?([\w.-]*)$/.exec(current);
  if (!key) return undefined;
  const path = above(lines, last, key[1]?.length ?? 0);
  if (key[2]) return { path: [...path, ITEM], wants: "value", typed: key[3] ?? "", taken: [] };
  return { path, wants: "key", typed: key[3] ?? "", taken: siblings(lines, last, key[1]?.length ?? 0) };
}

/** The keys of the blocks that a line with this indentation lies in, outermost first. */
function above(lines: string[], line: number, indent: number): string[] {
  const path: string[] = [];
  for (let at = line - 1, width = indent; at >= 0 && width > 0; at--) {
    const found = KEY.exec(lines[at] ?? "");
    if (found && (found[1]?.length ?? 0) < width) {
      path.unshift(found[2] ?? "");
      width = found[1]?.length ?? 0;
    }
  }
  return path;
}

/** The keys written already beside a line, so that they are not offered again. */
function siblings(lines: string[], line: number, indent: number): string[] {
  const found: string[] = [];
  for (let at = line - 1; at >= 0; at--) {
    const key = KEY.exec(lines[at] ?? "");
    const width = key?.[1]?.length ?? Infinity;
    if (width < indent) break;
    if (width === indent && key?.[2]) found.push(key[2]);
  }
  return found;
}

type Level = { kind: string; key: string; since: number; keys: string[]; line: number };

/** The spot inside `{}` and `[]`, if any is open, and the line on which the outermost one begins. */
function inFlow(text: string): { spot: Spot; line: number } | undefined {
  const levels: Level[] = [];
  let line = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    const level = levels.at(-1);
    if (sign === "\n") line += 1;
    if (quote) quote = sign === quote ? "" : quote;
    else if ((sign === '"' || sign === "'") && /[\s[{,:]/.test(text[at - 1] ?? " ")) quote = sign;
    else if (sign === "#" && /\s/.test(text[at - 1] ?? " ")) at = skipComment(text, at);
    else if (sign === "{" || sign === "[") levels.push({ kind: sign, key: "", since: at + 1, keys: [], line });
    else if (sign === "}" || sign === "]") levels.pop();
    else if (level && sign === ",") Object.assign(level, { key: "", since: at + 1 });
    else if (level?.kind === "{" && sign === ":" && !level.key) {
      level.key = text.slice(level.since, at).trim();
      level.keys.push(level.key);
      level.since = at + 1;
    }
  }
  const inner = levels.at(-1);
  if (!inner) return undefined;
  const path = levels.flatMap((level) => (level.kind === "[" ? [ITEM] : level.key ? [level.key] : []));
  const typed = text.slice(inner.since).trimStart();
  const wants = inner.kind === "[" || inner.key ? "value" : "key";
  return { spot: { path, wants, typed, taken: inner.keys }, line: levels[0]?.line ?? 0 };
}

function skipComment(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end - 1;
}

/** All forms that a schema allows, references followed. */
function forms(schema: Schema | undefined, root: Schema, depth = 0): Schema[] {
  if (!schema || depth > 8) return [];
  if (schema.$ref) return forms(root.$defs?.[schema.$ref.split("/").at(-1) ?? ""], root, depth + 1);
  const others = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...others.flatMap((each) => forms(each, root, depth + 1))];
}

/** The forms that may stand at a path. */
export function formsAt(path: string[], root: Schema): Schema[] {
  return path.reduce<Schema[]>((now, key) => now.flatMap((each) => forms(under(each, key), root)), forms(root, root));
}

function under(schema: Schema, key: string): Schema | undefined {
  if (key === ITEM) return schema.items;
  if (schema.properties?.[key]) return schema.properties[key];
  for (const [pattern, each] of Object.entries(schema.patternProperties ?? {}))
    if (new RegExp(pattern, "u").test(key)) return each;
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

/** What may be written at a spot. */
export function offers(spot: Spot, root: Schema, text: string): Completion[] {
  const found = spot.wants === "key" ? keys(spot, root) : values(spot, root, text);
  return [...new Map(found.map((each) => [each.label, each])).values()];
}

function keys(spot: Spot, root: Schema): Completion[] {
  return formsAt(spot.path, root).flatMap((form) => [
    ...Object.entries(form.properties ?? {})
      .filter(([key]) => !spot.taken.includes(key))
      .map(([label, each]) => ({
        label,
        apply: `${label}: `,
        type: "property",
        info: each.description ?? forms(each, root).find((one) => one.description)?.description,
      })),
    ...(form.propertyNames?.enum ?? []).map((label) => ({ label, apply: `${label}: `, type: "property" })),
  ]);
}

function values(spot: Spot, root: Schema, text: string): Completion[] {
  const named = spot.path.findLast((key) => key !== ITEM) ?? "";
  const ids = REFERS[named] ? idsOf(REFERS[named], text) : [];
  const legal = formsAt(spot.path, root).flatMap((form) => [
    ...(form.enum ?? []),
    ...(form.const === undefined ? [] : [form.const]),
    ...(form.type === "boolean" ? [true, false] : []),
  ]);
  return [...legal.map((each) => ({ label: String(each), type: "enum" })), ...ids];
}

/** The ids that a section of the file defines. */
function idsOf(section: string, text: string): Completion[] {
  const body = new RegExp(`^${section}:[^\\n]*\\n((?:[ \\t#][^\\n]*\\n|\\n)*)`, "m").exec(`${text}\n`)?.[1] ?? "";
  return [...body.matchAll(/^ {2}([\w-]+):/gm)].map((found) => ({ label: found[1] ?? "", type: "variable" }));
}

/** A source of completions for the editor; the schema may come later than the editor. */
export function completions(schema: () => Schema | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schema();
    const spot = root && spotAt(context.state.sliceDoc(0, context.pos));
    if (!root || !spot || (!spot.typed && !context.explicit) || /\s/.test(spot.typed)) return null;
    const options = offers(spot, root, context.state.doc.toString());
    return options.length ? { from: context.pos - spot.typed.length, options, validFor: /^[\w.-]*$/ } : null;
  };
}
