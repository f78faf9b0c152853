import type { TypedDocumentNode } from "@urql/core";
import { useEffect, useEffectEvent } from "react";
import { graphql } from "@/gql";
import type { EventAppendedSubscription, EventKind } from "@/gql/graphql";
import { type LiveSocket, backOff, waitToRetry } from "@/lib/liveSocket";
import { useRequest } from "@/lib/request";
import { useSocket } from "@/lib/socketContext";
import { subscribe } from "@/lib/subscription";

const REMEMBERED_CURSORS = 512;

const LatestCursor = graphql(`
  query LatestCursor {
    latestCursor
  }
`);

const EventAppended = graphql(`
  subscription EventAppended($projectId: ID, $kinds: [EventKind!], $after: String) {
    eventAppended(projectId: $projectId, kinds: $kinds, after: $after) {
      cursor
      kind
      subjectId
      causedBy
      payload
      createdAt
    }
  }
`);

export type Resumable = { after?: string | null | undefined };

/** A subscription whose every event carries a cursor to resume from. */
export type Feed<Data, Variables extends Resumable> = {
  document: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  cursorOf: (data: Data) => string;
  onEvent: (data: Data) => void;
};

type Following<Data, Variables extends Resumable> = Feed<Data, Variables> & {
  /** Called whenever the feed starts without a cursor: earlier changes must be read again. */
  onStart: () => void;
  /** The cursor of the newest event; null when the server cannot be reached. */
  latestCursor: () => Promise<string | null>;
};

/** Follows a feed from its last cursor: no event is lost, none is delivered twice. Returns the function to stop. */
export function followFeed<Data, Variables extends Resumable>(
  socket: LiveSocket,
  { document, variables, cursorOf, onEvent, onStart, latestCursor }: Following<Data, Variables>,
): () => void {
  let cursor: string | null = null;
  let starts = 0;
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
        void waitToRetry(backOff(0)).then(start);
        return "stop";
      },
    });
  // The cursor is read before the list, so every change after the list was read arrives as an event.
  const start = async () => {
    if (stopped) return;
    const current = ++starts;
    stop();
    const latest = await latestCursor();
    if (current !== starts) return;
    cursor = latest;
    onStart();
    stop = follow();
  };
  void start();
  const stopListening = socket.onConnection(() => {
    // Without a cursor the feed cannot resume: changes during the disconnect must be read again.
    if (socket.getConnection() === "connected" && cursor === null) void start();
  });
  return () => {
    stopped = true;
    starts++;
    stopListening();
    stop();
  };
}

let pendingCursor: Promise<string | null> | null = null;

/** The cursor of the viewer's newest event, requested once for all concurrent callers; null when unreachable. */
function readLatestCursor(request: ReturnType<typeof useRequest>): Promise<string | null> {
  pendingCursor ??= request(LatestCursor, {})
    .then(
      ({ latestCursor }) => latestCursor,
      () => null,
    )
    .finally(() => {
      pendingCursor = null;
    });
  return pendingCursor;
}

/** Follows a feed while the component is mounted; new variables restart it. Does nothing without a feed. */
export function useFeed<Data, Variables extends Resumable>(
  feed: Feed<Data, Variables> | undefined,
  onStart: () => void,
) {
  const socket = useSocket();
  const request = useRequest();
  const document = feed?.document;
  const variables = JSON.stringify(feed?.variables);
  const handleEvent = useEffectEvent((data: Data) => feed?.onEvent(data));
  const handleStart = useEffectEvent(onStart);
  const cursorOf = useEffectEvent((data: Data) => feed?.cursorOf(data) ?? "");

  useEffect(() => {
    if (!document) return;
    return followFeed(socket, {
      document,
      variables: JSON.parse(variables) as Variables,
      cursorOf: (data) => cursorOf(data),
      onEvent: (data) => handleEvent(data),
      onStart: () => handleStart(),
      latestCursor: () => readLatestCursor(request),
    });
  }, [socket, request, document, variables]);
}

export type AppendedEvent = EventAppendedSubscription["eventAppended"];

/**
 * The feed of all events of these kinds, for rows that have no subscription of their own; none without kinds. With a
 * project, only its events.
 */
export function eventFeed(
  kinds: readonly EventKind[],
  onEvent: (event: AppendedEvent) => void,
  projectId: string | null = null,
) {
  if (kinds.length === 0) return undefined;
  return {
    document: EventAppended,
    variables: { projectId, kinds: [...kinds] },
    cursorOf: (data: EventAppendedSubscription) => data.eventAppended.cursor,
    onEvent: (data: EventAppendedSubscription) => onEvent(data.eventAppended),
  };
}
