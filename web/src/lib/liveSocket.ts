import { type Client, createClient } from "graphql-ws";
import { toSignIn } from "@/lib/signIn";

export type Connection = "connecting" | "connected" | "reconnecting" | "offline";

/** The close code of the server for a client that is not signed in. */
const SIGNED_OUT = 4403;
const KEEP_ALIVE_MS = 12_000;
const PONG_TIMEOUT_MS = 6_000;
const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 15_000;

/** Milliseconds before attempt `retries` (from 0): doubles up to 15 s, spread by up to a half. */
export function backOff(retries: number, random = Math.random()): number {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(retries, 16));
  return ceiling * (0.5 + random / 2);
}

/** Waits; ends early when the network returns or the page becomes visible. */
export function waitToRetry(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      document.removeEventListener("visibilitychange", whenVisible);
      resolve();
    };
    const whenVisible = () => {
      if (document.visibilityState === "visible") done();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    document.addEventListener("visibilitychange", whenVisible);
  });
}

/** The WebSocket of the page: reconnects without limit and reports its state. */
export class LiveSocket {
  readonly client: Client;
  private connection: Connection = "connecting";
  private everConnected = false;
  private pongTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(url: string) {
    this.client = createClient({
      url,
      lazy: true,
      lazyCloseTimeout: 3_000,
      keepAlive: KEEP_ALIVE_MS,
      retryAttempts: Infinity,
      // A refused connection arrives as a plain error event, not as a close: it is retried too.
      shouldRetry: () => true,
      retryWait: (retries) => waitToRetry(backOff(retries)),
      on: {
        connected: () => {
          this.everConnected = true;
          this.change("connected");
        },
        closed: (event) => {
          if (event instanceof CloseEvent && event.code === SIGNED_OUT) toSignIn();
          this.lost();
        },
        error: () => this.lost(),
        ping: (received) => {
          if (!received) this.expectPong();
        },
        pong: (received) => {
          if (received) clearTimeout(this.pongTimer);
        },
      },
    });
    addEventListener("offline", () => this.network());
    addEventListener("online", () => this.network());
  }

  readonly getConnection = (): Connection => this.connection;

  readonly onConnection = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private expectPong() {
    clearTimeout(this.pongTimer);
    // A lost network does not always close the socket; a missing pong shows it.
    this.pongTimer = setTimeout(() => this.client.terminate(), PONG_TIMEOUT_MS);
  }

  private lost() {
    clearTimeout(this.pongTimer);
    this.change(navigator.onLine ? (this.everConnected ? "reconnecting" : "connecting") : "offline");
  }

  private network() {
    // A server on this machine stays reachable without a network: only a lost socket counts.
    if (this.connection !== "connected") this.lost();
  }

  private change(connection: Connection) {
    if (connection === this.connection) return;
    this.connection = connection;
    for (const listener of [...this.listeners]) listener();
  }
}
