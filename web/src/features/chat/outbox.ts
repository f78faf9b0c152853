import { backOff, waitToRetry } from "@/lib/liveSocket";
import { type RequestFailure, toFailure } from "@/lib/request";
import { readStorage, writeStorage } from "@/lib/storage";
import type { AttachedFile } from "./draftFiles";
import type { Message } from "./useMessages";

/** A message that the server has not accepted yet. After a `refusal` it is not retried automatically. */
export type Queued = {
  key: string;
  conversationId: string | null;
  content: string;
  /** The model for a new conversation; null for the default one. */
  model?: string | null;
  /** The project of a new conversation; null for the default one. */
  projectId?: string | null;
  metadata: Record<string, string>;
  attachments?: readonly AttachedFile[];
  refusal: { code: string; message: string; key?: string | null; params?: unknown } | null;
  /** The server could not be reached; the message is sent when it can be reached again. */
  waits: boolean;
};
type NewMessage = Pick<Queued, "conversationId" | "content" | "model" | "projectId" | "metadata" | "attachments">;
export type Sent = { message: Message; reply: Message };

const STORED = "resonant.outbox";
// Temporary failures. The server may have accepted the message: repeating it with its key is safe.
const TEMPORARY = new Set(["NETWORK", "TIMEOUT", "UNAVAILABLE", "RATE_LIMITED"]);

/**
 * Messages to send, stored in the browser until the server has accepted them. Each has an idempotency key, so a message
 * that is sent again, after a lost response or by another window, is accepted only once.
 */
export class Outbox {
  private readonly deliver: (queued: Queued) => Promise<Sent>;
  private readonly listeners = new Set<() => void>();
  private readonly callbacks = new Map<string, (sent: Sent) => void>();
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

  /** Adds a message and sends it; `onSent` is called when the server has accepted it, in this window only. */
  add(message: NewMessage, onSent?: (sent: Sent) => void): Queued {
    const queued = { ...message, key: crypto.randomUUID(), refusal: null, waits: false };
    if (onSent) this.callbacks.set(queued.key, onSent);
    this.change((queue) => [...queue, queued]);
    void this.flush();
    return queued;
  }

  /** Removes a message that was sent or that the reader takes back. */
  remove(key: string) {
    this.callbacks.delete(key);
    this.change((queue) => queue.filter((queued) => queued.key !== key));
  }

  retry(key: string) {
    this.update(key, { refusal: null });
    void this.flush();
  }

  /** Reads the queue again after another window changed it. */
  readonly reread = () => {
    this.queue = read();
    this.publish();
  };

  /** Sends the queue in order; after a temporary failure it is tried again later. */
  readonly flush = async (): Promise<void> => {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (let next = this.next(); next; next = this.next()) {
        const failure = await this.send(next);
        if (failure) {
          void this.retryLater();
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

  /** Returns the failure if it is temporary. */
  private async send(queued: Queued): Promise<RequestFailure | null> {
    try {
      const sent = await this.deliver(queued);
      const onSent = this.callbacks.get(queued.key);
      this.remove(queued.key);
      onSent?.(sent);
    } catch (error) {
      const failure = toFailure(error);
      const { code, message, key, params } = failure;
      if (TEMPORARY.has(code)) {
        this.update(queued.key, { waits: true });
        return failure;
      }
      this.update(queued.key, { refusal: { code, message, key, params }, waits: false });
    }
    return null;
  }

  private async retryLater() {
    await waitToRetry(backOff(this.failures++));
    await this.flush();
  }

  private update(key: string, part: Partial<Queued>) {
    this.change((queue) => queue.map((queued) => (queued.key === key ? { ...queued, ...part } : queued)));
  }

  /** Starts from the stored queue, so that changes of another window are not overwritten. */
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
    // Invalid JSON can only come from another program.
    return [];
  }
}
