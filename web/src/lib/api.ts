import { at } from "./base";
import { t } from "./messages";

/** Something that went wrong, in words for the reader. `status` is 0 where no answer came at all. */
export class Fault extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Ask the server; the answer is JSON of the type that the address gives. */
export async function ask<T>(address: string, signal?: AbortSignal): Promise<T> {
  return answer<T>(address, { signal });
}

/** Tell the server something; only this changes anything. */
export async function tell<T>(method: "POST" | "DELETE", address: string, body?: unknown, signal?: AbortSignal) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  return answer<T>(address, { method, headers, body: JSON.stringify(body ?? {}), signal });
}

async function answer<T>(address: string, how: RequestInit): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(at(address), how);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Fault(0, t("fault.unreachable"));
  }
  const body: unknown = await reply.json().catch(() => undefined);
  if (!reply.ok) throw new Fault(reply.status, words(body) || t("fault.status", { status: String(reply.status) }));
  if (body === undefined && reply.status !== 204) throw new Fault(reply.status, t("fault.unreadable"));
  return body as T;
}

/** The sentence of an answer that refuses; every such answer of ours has one. */
function words(body: unknown): string {
  return body && typeof body === "object" && "words" in body ? String(body.words) : "";
}

/** Whether a request was given up because a newer one took its place. */
export function givenUp(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What to say of anything that was thrown. */
export function spoken(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
