import { Fault, givenUp, tell } from "./api";
import type { Checked } from "./contract";

const PAUSE = 20; // after the last key, in milliseconds: findings are to come within 200 of it
const LATER = 1000; // where the server asks for a rest
const LONG = 2000; // after which a check is not waited for any more when a newer one is due

/**
 * Checks a text soon after it was last changed. One check is under way at a time, since the server makes one after
 * the other; what an older one says is never told once a newer one was asked for.
 */
export class Checker {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: { stop: AbortController; began: number } | undefined;
  private newest = 0;

  constructor(
    private readonly hear: (checked: Checked, text: string) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Ask for a check of this text, instead of any other that is still to come. */
  ask(text: string, pause = PAUSE): void {
    this.newest += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(text, this.newest), pause);
  }

  /** Give up whatever is under way or still to come. */
  stop(): void {
    this.newest += 1;
    clearTimeout(this.timer);
    this.running?.stop.abort();
  }

  private async run(text: string, mine: number): Promise<void> {
    if (this.running && performance.now() - this.running.began < LONG) {
      this.timer = setTimeout(() => void this.run(text, mine), PAUSE / 2);
      return;
    }
    this.running?.stop.abort();
    const now = { stop: new AbortController(), began: performance.now() };
    this.running = now;
    try {
      const checked = await tell<Checked>("POST", "/api/policy/check", { text }, now.stop.signal);
      if (mine === this.newest) this.hear(checked, text);
    } catch (error) {
      this.failed(error, text, mine);
    } finally {
      if (this.running === now) this.running = undefined;
    }
  }

  private failed(error: unknown, text: string, mine: number): void {
    if (mine !== this.newest || givenUp(error)) return;
    if (error instanceof Fault && error.status === 429) this.ask(text, LATER);
    else this.fail(error);
  }
}
