import { at, within } from "./base";

export const PAGES = ["start", "policy", "run", "results", "lives", "compare", "method", "downloads"] as const;
export type Page = (typeof PAGES)[number];
export type Place = { page: Page | "missing"; id: string; query: URLSearchParams };

/** Which page an address means: `/results/ID?...`. */
export function read(address: string): Place {
  const url = new URL(address, location.origin);
  const [first = "", id = "", ...rest] = within(url.pathname).split("/").slice(1).map(decode);
  const page = first === "" ? "start" : PAGES.find((each) => each === first && each !== "start");
  return { page: rest.length === 0 && page ? page : "missing", id, query: url.searchParams };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let place = $state.raw(read(location.href));
let moves = $state(0);

/** Where the reader is. */
export function here(): Place {
  return place;
}

/** How many pages were gone to since the first: the heading takes the focus from the second on. */
export function moved(): number {
  return moves;
}

/** The address of a page, with its id and query. */
export function path(page: Page, id = "", query: Record<string, string> = {}): string {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  const base = page === "start" ? "/" : `/${page}${id ? `/${encodeURIComponent(id)}` : ""}`;
  return at(words.size ? `${base}?${words}` : base);
}

/** Go to an address of ours. `same`: another state of the same page, which leaves focus and scrolling alone. */
export function go(address: string, how: { replace?: boolean; same?: boolean } = {}): void {
  if (how.replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  arrive(how.same ?? false);
  if (!how.same) scrollTo(0, 0);
}

function arrive(same: boolean): void {
  const before = place;
  place = read(location.href);
  if (!same && (before.page !== place.page || before.id !== place.id)) moves += 1;
}

/** Go to a part of this page; the browser would look for it on the page that `<base>` names. */
function goToPart(id: string): void {
  const part = document.getElementById(id);
  if (!part) return;
  history.replaceState(null, "", `${location.pathname}${location.search}#${id}`);
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView();
}

function followed(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const wanted = within(link.pathname);
  const href = link.getAttribute("href") ?? "";
  if (href.startsWith("#")) {
    event.preventDefault();
    goToPart(href.slice(1));
    return;
  }
  if (link.hash || read(link.href).page === "missing") return;
  event.preventDefault();
  if (link.href !== location.href) go(at(wanted) + link.search);
}

/** Follow links inside the page and the browser's own back and forward, for as long as the pages are shown. */
export function start(): void {
  addEventListener("popstate", () => arrive(false));
  document.addEventListener("click", followed);
}
