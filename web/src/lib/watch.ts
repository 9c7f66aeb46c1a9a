import { Fault, ask } from "./api";
import { at } from "./base";
import type { Job } from "./contract";

const PAUSE = 2000; // between two questions where no stream comes through, in milliseconds

/** Whether nothing more will come of a job by itself. */
export function settled(job: Job): boolean {
  return job.status === "complete" || job.status === "cancelled" || job.status === "failed";
}

/**
 * Tell a listener every state of a job until it is settled: by the server's stream while the page is visible,
 * by asking where the stream breaks. Returns how to stop.
 */
export function watch(id: string, hear: (job: Job) => void, fail: (error: unknown) => void): () => void {
  const base = `/api/runs/${encodeURIComponent(id)}`;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  function heard(job: Job): void {
    if (over) return;
    hear(job);
    if (settled(job)) stop();
  }
  async function poll(again: boolean): Promise<void> {
    try {
      heard(await ask<Job>(base));
    } catch (error) {
      if (!over) fail(error);
      if (error instanceof Fault && error.status >= 400 && error.status < 500 && error.status !== 429) stop();
    }
    if (again && !over) timer = setTimeout(() => void poll(true), PAUSE);
  }
  function take(event: MessageEvent<string>): void {
    heard(JSON.parse(event.data) as Job);
  }
  function stream(): void {
    source = new EventSource(at(`${base}/events`));
    source.addEventListener("message", take);
    source.addEventListener("error", () => {
      if (over) return;
      source?.close(); // whatever the reason, asking still works
      clearTimeout(timer);
      timer = setTimeout(() => void poll(true), PAUSE);
    });
  }
  function seen(): void {
    source?.close();
    clearTimeout(timer);
    if (document.hidden || over) return;
    void poll(false);
    stream();
  }
  function stop(): void {
    over = true;
    source?.close();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  }
  document.addEventListener("visibilitychange", seen);
  void poll(false).then(() => over || document.hidden || stream());
  return stop;
}
