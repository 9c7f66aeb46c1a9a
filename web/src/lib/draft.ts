const KEY = "vitropolis-drafts";
const OWN = "file:";

/** A text somebody is writing; `from`: the plan of the library, or the file, that it began with. */
export type Draft = { text: string; from: string };
type Kept = { last: string; texts: Record<string, string> };

let kept: Kept = read();

function read(): Kept {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Kept | null;
    return { last: String(found?.last ?? ""), texts: { ...found?.texts } };
  } catch {
    return { last: "", texts: {} };
  }
}

function write(next: Kept): void {
  kept = next;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    return; // where the browser keeps nothing, texts live as long as the page
  }
}

/** What is written over a plan or a file, kept in this tab until it is closed; unnamed: what was written on last. */
export function draft(from = kept.last): Draft | undefined {
  const text = Object.hasOwn(kept.texts, from) ? kept.texts[from] : undefined;
  return text === undefined ? undefined : { text, from };
}

/** Every plan and file that is written on, in the order in which that began. */
export function drafts(): string[] {
  return Object.keys(kept.texts);
}

/** Keep what is written over a plan or a file; what is written over others stays. */
export function keep({ text, from }: Draft): void {
  write({ last: from, texts: { ...kept.texts, [from]: text } });
}

/** Forget what was written over a plan or a file. */
export function drop(from: string): void {
  const { [from]: _, ...texts } = kept.texts;
  write({ last: kept.last === from ? (Object.keys(texts).at(-1) ?? "") : kept.last, texts });
}

/** Whether a text began with a file, and with no plan of the library. */
export function isOwn(from: string): boolean {
  return from.startsWith(OWN);
}

/** What the reader calls a text that began with a file. */
export function ownName(from: string): string {
  return from.slice(OWN.length);
}

/** A name for the text of a file, such that no other text of that name is lost. */
export function ownOf(name: string, text: string): string {
  for (let n = 1; ; n += 1) {
    const from = OWN + (n === 1 ? name : `${name} (${n})`);
    const there = draft(from);
    if (!there || there.text === text) return from;
  }
}
