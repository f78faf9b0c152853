import { backOff, waitToRetry } from "@/lib/liveSocket";
import { type RequestFailure, toFailure } from "@/lib/request";
import { readStorage, writeStorage } from "@/lib/storage";
import type { Message } from "./useMessages";

/** Something the reader has sent and the server has not taken yet. `refusal` says why it will not go by itself. */
export type Queued = {
  key: string;
  conversationId: string | null;
  content: string;
  metadata: Record<string, string>;
  refusal: { code: string; message: string; key?: string | null; params?: unknown } | null;
  /** The server could not be reached; it goes as soon as that can be. */
  waits: boolean;
};
type Said = Pick<Queued, "conversationId" | "content" | "metadata">;
export type Sent = { message: Message; reply: Message };

const STORED = "resonant.outbox";
// The server may have done it or may do it in a moment: sending it again under its key is harmless.
const PASSING = new Set(["NETWORK", "TIMEOUT", "UNAVAILABLE", "RATE_LIMITED"]);

/**
 * What is on its way, kept in this browser until the server has it. Each has a key under which the server takes it
 * once, so that whatever was lost on the way, or whichever window sends it again, nothing is said twice.
 */
export class Outbox {
  private readonly deliver: (queued: Queued) => Promise<Sent>;
  private readonly listeners = new Set<() => void>();
  private readonly waiting = new Map<string, (sent: Sent) => void>();
  private queue: readonly Queued[] = read();
  private flushing = false;
  private failures = 0;

  constructor(deliver: (queued: Queued) => Promise<Sent>) {
    this.deliver = deliver;
  }

  readonly getSnapshot = (): readonly Queued[] => this.queue;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes it in and sends it; `onSent` is called once the server has it, while this window lives. */
  add(said: Said, onSent?: (sent: Sent) => void): Queued {
    const queued = { ...said, key: crypto.randomUUID(), refusal: null, waits: false };
    if (onSent) this.waiting.set(queued.key, onSent);
    this.change((queue) => [...queue, queued]);
    void this.flush();
    return queued;
  }

  /** Takes it out, because it is sent or because the reader wants it back. */
  remove(key: string) {
    this.waiting.delete(key);
    this.change((queue) => queue.filter((queued) => queued.key !== key));
  }

  retry(key: string) {
    this.amend(key, { refusal: null });
    void this.flush();
  }

  /** Another window has changed what is kept. */
  readonly reread = () => {
    this.queue = read();
    this.publish();
  };

  /** Sends what waits, in the order in which it was said; what fails in passing is tried again later. */
  readonly flush = async (): Promise<void> => {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (let next = this.next(); next; next = this.next()) {
        const failure = await this.send(next);
        if (failure) {
          void this.later();
          return;
        }
      }
      this.failures = 0;
    } finally {
      this.flushing = false;
    }
  };

  private next(): Queued | undefined {
    return this.queue.find((queued) => queued.refusal === null);
  }

  /** The failure, when it is one that passes. */
  private async send(queued: Queued): Promise<RequestFailure | null> {
    try {
      const sent = await this.deliver(queued);
      const onSent = this.waiting.get(queued.key);
      this.remove(queued.key);
      onSent?.(sent);
    } catch (error) {
      const failure = toFailure(error);
      const { code, message, key, params } = failure;
      if (PASSING.has(code)) {
        this.amend(queued.key, { waits: true });
        return failure;
      }
      this.amend(queued.key, { refusal: { code, message, key, params }, waits: false });
    }
    return null;
  }

  private async later() {
    await waitToRetry(backOff(this.failures++));
    await this.flush();
  }

  private amend(key: string, part: Partial<Queued>) {
    this.change((queue) => queue.map((queued) => (queued.key === key ? { ...queued, ...part } : queued)));
  }

  /** Begins from what is kept, so that what another window has just put there is not overwritten. */
  private change(step: (queue: readonly Queued[]) => readonly Queued[]) {
    this.queue = step(read());
    writeStorage(STORED, this.queue.length === 0 ? null : JSON.stringify(this.queue));
    this.publish();
  }

  private publish() {
    for (const listener of [...this.listeners]) listener();
  }
}

function read(): readonly Queued[] {
  try {
    return JSON.parse(readStorage(STORED) ?? "[]") as readonly Queued[];
  } catch {
    // Only another program can have written something else there.
    return [];
  }
}
