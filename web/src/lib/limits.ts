/** Bounds of the contract that `meta.limits` does not tell; a test holds them to the server's own. */
export const SEEDS = Number.MAX_SAFE_INTEGER; // the largest seed: what every JSON reader keeps exactly
export const LIVES = 1000; // lives of a pick that are shown
export const COMPARED = 2; // plans that a comparison needs
