const KEY = "vitropolis-draft";

export type Draft = { text: string; from: string };

/** The policy somebody is writing, kept in this tab until it is closed. */
export function draft(): Draft | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keep what is written; where the browser keeps nothing, the text lives as long as the page. */
export function keep(written: Draft | undefined): void {
  try {
    if (written) sessionStorage.setItem(KEY, JSON.stringify(written));
    else sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
}
