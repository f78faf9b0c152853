import type { TypedDocumentNode } from "@urql/core";
import type { LiveSocket } from "@/lib/liveSocket";
import { subscribe } from "@/lib/subscription";

const REMEMBERED_CURSORS = 512;

type Feed<Data, Variables> = {
  document: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  cursorOf: (data: Data) => string;
  onEvent: (data: Data) => void;
  /** Called whenever the feed starts without a position: what happened before is to be read anew. */
  load: () => void;
};

/** Follows a feed of events from its last cursor on: nothing lost, nothing twice. Returns the way to stop. */
export function followFeed<Data, Variables extends { after?: string | null | undefined }>(
  socket: LiveSocket,
  { document, variables, cursorOf, onEvent, load }: Feed<Data, Variables>,
): () => void {
  let cursor: string | null = null;
  const seen = new Set<string>();

  const remember = (next: string) => {
    cursor = next;
    seen.add(next);
    const oldest = seen.values().next();
    if (seen.size > REMEMBERED_CURSORS && !oldest.done) seen.delete(oldest.value);
  };
  const stop = subscribe(socket, {
    document,
    variables: () => ({ ...variables, after: cursor }),
    onData: (data) => {
      const next = cursorOf(data);
      if (seen.has(next)) return;
      remember(next);
      onEvent(data);
    },
    onErrors: (errors) => {
      if (errors.some((error) => error.extensions?.code === "CURSOR_EXPIRED")) cursor = null;
      return "again";
    },
    onStart: () => {
      if (cursor === null) load();
    },
  });
  const stopListening = socket.onConnection(() => {
    // Without a cursor there is no resuming: what came while the line was down is read anew.
    if (socket.getConnection() === "connected" && cursor === null) load();
  });
  return () => {
    stopListening();
    stop();
  };
}
