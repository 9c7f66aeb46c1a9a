import { ask } from "./api";
import type { Listed, Meta } from "./contract";

let meta: Meta | undefined = $state.raw();
let runs: Listed[] | undefined = $state.raw();
let fault: unknown = $state.raw();

/** What every page needs; undefined until the server has answered. */
export const shared = {
  get meta() {
    return meta;
  },
  get runs() {
    return runs;
  },
  get fault() {
    return fault;
  },
  get readonly() {
    return meta?.readonly ?? true; // nothing that changes is shown before it is known to be allowed
  },
};

/** The line of a run in the list of this folder. */
export function listed(id: string): Listed | undefined {
  return runs?.find((each) => each.id === id);
}

/** Whether a size can be played here: it fits the machine, and the server takes it. */
export function playable(size: { fits: boolean; residents: number }): boolean {
  return size.fits && size.residents <= (meta?.limits.largest ?? Infinity);
}

/** The name of the size to begin with: the one that is wanted where it can be played, else the smallest. */
export function firstSize(wanted: string | null): string {
  const sizes = meta?.sizes ?? [];
  return (sizes.find((each) => each.name === wanted && playable(each)) ?? sizes[0])?.name ?? "";
}

/** The plan to begin with where none is named: the one that this project is about, which has fillings. */
export function firstPlan(): string {
  const plans = meta?.policies ?? [];
  return (plans.find((each) => each.fillings.length) ?? plans[0])?.id ?? "";
}

/** Ask for what every page needs. */
export async function load(): Promise<void> {
  try {
    // Each is shown when it comes: what is offered takes a moment where this program never ran before.
    await Promise.all([
      ask<Meta>("/api/meta").then((found) => (meta = found)),
      ask<Listed[]>("/api/runs").then((found) => (runs = found)),
    ]);
    fault = undefined;
  } catch (error) {
    fault = error;
  }
}

/** Ask again which runs there are. */
export async function reload(): Promise<void> {
  runs = await ask<Listed[]>("/api/runs");
}
