import { Fault, givenUp, tell } from "./api";
import type { Checked } from "./contract";

const PAUSE = 60; // after the last key, in milliseconds: findings are to come within 200 of it
const LATER = 1000; // where the server asks for a rest

/** Checks a text soon after it was last changed; an older check never speaks after a newer one was asked for. */
export class Checker {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;

  constructor(
    private readonly hear: (checked: Checked, text: string) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Ask for a check of this text, instead of any other that is still to come. */
  ask(text: string, pause = PAUSE): void {
    this.stop();
    this.timer = setTimeout(() => void this.run(text), pause);
  }

  /** Give up whatever is under way. */
  stop(): void {
    clearTimeout(this.timer);
    this.running?.abort();
  }

  private async run(text: string): Promise<void> {
    const mine = new AbortController();
    this.running = mine;
    try {
      const checked = await tell<Checked>("POST", "/api/policy/check", { text }, mine.signal);
      if (!mine.signal.aborted) this.hear(checked, text);
    } catch (error) {
      if (mine.signal.aborted || givenUp(error)) return;
      if (error instanceof Fault && error.status === 429) this.ask(text, LATER);
      else this.fail(error);
    }
  }
}
