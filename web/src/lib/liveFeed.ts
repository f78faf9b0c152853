import type { TypedDocumentNode } from "@urql/core";
import { type LiveSocket, backOff, waitToRetry } from "@/lib/liveSocket";
import { subscribe } from "@/lib/subscription";

const REMEMBERED_CURSORS = 512;

type Feed<Data, Variables> = {
  document: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  cursorOf: (data: Data) => string;
  onEvent: (data: Data) => void;
  /** Called whenever the feed starts without a position: what happened before is to be read anew. */
  load: () => void;
  /** Where the events stand; null when the server is out of reach. */
  latestCursor: () => Promise<string | null>;
};

/** Follows a feed of events from its last cursor on: nothing lost, nothing twice. Returns the way to stop. */
export function followFeed<Data, Variables extends { after?: string | null | undefined }>(
  socket: LiveSocket,
  { document, variables, cursorOf, onEvent, load, latestCursor }: Feed<Data, Variables>,
): () => void {
  let cursor: string | null = null;
  let begun = 0;
  let stopped = false;
  let stop = () => {};
  const seen = new Set<string>();

  const remember = (next: string) => {
    cursor = next;
    seen.add(next);
    const oldest = seen.values().next();
    if (seen.size > REMEMBERED_CURSORS && !oldest.done) seen.delete(oldest.value);
  };
  const follow = () =>
    subscribe(socket, {
      document,
      variables: () => ({ ...variables, after: cursor }),
      onData: (data) => {
        const next = cursorOf(data);
        if (seen.has(next)) return;
        remember(next);
        onEvent(data);
      },
      onErrors: (errors) => {
        if (!errors.some((error) => error.extensions?.code === "CURSOR_EXPIRED")) return "again";
        void waitToRetry(backOff(0)).then(begin);
        return "stop";
      },
    });
  // Where the events stand comes first, so that whatever happens while the rest is read is told.
  const begin = async () => {
    if (stopped) return;
    const mine = ++begun;
    stop();
    const latest = await latestCursor();
    if (mine !== begun) return;
    cursor = latest;
    load();
    stop = follow();
  };
  void begin();
  const stopListening = socket.onConnection(() => {
    // Without a cursor there is no resuming: what came while the server was out of reach is read anew.
    if (socket.getConnection() === "connected" && cursor === null) void begin();
  });
  return () => {
    stopped = true;
    begun++;
    stopListening();
    stop();
  };
}
