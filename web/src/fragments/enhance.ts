/**
 * What scripts add to the pages that Python makes: a number copied as a sentence, and the reader's hand on a curve.
 * Everything is readable without; every word was made in Python.
 */

interface Step {
  label: string;
  sentence: string;
  x: Record<string, number>;
}

const SAID = 2000; // milliseconds for which it says what came of copying

/** Bring the parts of a page to life, each once. */
export function enhance(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) copying(button);
  for (const hand of root.querySelectorAll<HTMLElement>("[data-curve]")) sliding(hand);
}

/** Whether a part is met for the first time. */
function first(part: HTMLElement): boolean {
  if (part.dataset.alive !== undefined) return false;
  part.dataset.alive = "";
  return true;
}

function copying(button: HTMLButtonElement): void {
  if (!first(button)) return;
  const words = button.textContent ?? "";
  button.hidden = false;
  button.addEventListener("click", () => {
    void copied(button.dataset.copy ?? "").then((done) => {
      const told = (done ? button.dataset.done : button.dataset.refused) ?? "";
      button.textContent = told;
      announce(button, done ? `${told}: ${button.dataset.copy ?? ""}` : told);
      window.setTimeout(() => (button.textContent = words), SAID);
    });
  });
}

/** Put words on the clipboard; where a page from disk may not, by way of a selection. */
async function copied(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = words;
    area.className = "vp-unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function announce(button: HTMLButtonElement, words: string): void {
  let place = button.parentElement?.querySelector<HTMLElement>("[role=status]");
  if (!place) {
    place = document.createElement("span");
    place.className = "vp-unseen";
    place.setAttribute("role", "status");
    button.after(place);
  }
  place.textContent = words;
}

function sliding(hand: HTMLElement): void {
  const range = hand.querySelector<HTMLInputElement>("input[type=range]");
  if (!range || !first(hand)) return;
  const steps = JSON.parse(hand.dataset.curve ?? "[]") as Step[];
  const figure = hand.closest("figure");
  figure?.classList.add("vp-alive");
  hand.hidden = false;
  const show = (): void => shown(hand, range, steps[Number(range.value)], figure);
  range.addEventListener("input", show);
  for (const button of hand.querySelectorAll<HTMLButtonElement>("button[data-step]")) {
    button.addEventListener("click", () => {
      range.value = String(Number(range.value) + Number(button.dataset.step));
      show();
    });
  }
  show();
}

function shown(hand: HTMLElement, range: HTMLInputElement, step: Step | undefined, figure: Element | null): void {
  if (!step) return;
  const at = hand.querySelector("output");
  const told = hand.querySelector(".vp-told");
  if (at) at.textContent = step.label;
  if (told && told.textContent !== step.sentence) told.textContent = step.sentence;
  range.setAttribute("aria-valuetext", step.label);
  for (const width of Object.keys(step.x)) {
    const mark = figure?.querySelector(`svg.vp-${width} [data-mark]`);
    mark?.setAttribute("x1", String(step.x[width]));
    mark?.setAttribute("x2", String(step.x[width]));
  }
}
