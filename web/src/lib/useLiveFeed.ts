import type { TypedDocumentNode } from "@urql/core";
import { useEffect, useEffectEvent } from "react";
import { findLatestCursor } from "@/lib/latestCursor";
import { followFeed } from "@/lib/liveFeed";
import { useRequest } from "@/lib/request";
import { useSocket } from "@/lib/socketContext";

type LiveFeed<Data, Variables> = {
  document: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  cursorOf: (data: Data) => string;
  onEvent: (data: Data) => void;
  load: () => void;
  paused?: boolean;
};

/** Keeps a feature's subscription alive while mounted; a change of variables starts it anew. */
export function useLiveFeed<Data, Variables extends { after?: string | null | undefined }>(
  feed: LiveFeed<Data, Variables>,
) {
  const socket = useSocket();
  const request = useRequest();
  const { document, paused = false } = feed;
  const key = JSON.stringify(feed.variables);
  const onEvent = useEffectEvent((data: Data) => feed.onEvent(data));
  const load = useEffectEvent(() => feed.load());
  const cursorOf = useEffectEvent((data: Data) => feed.cursorOf(data));

  useEffect(() => {
    if (paused) return;
    return followFeed(socket, {
      document,
      variables: JSON.parse(key) as Variables,
      cursorOf: (data) => cursorOf(data),
      onEvent: (data) => onEvent(data),
      load: () => load(),
      latestCursor: () => findLatestCursor(request),
    });
  }, [socket, request, document, key, paused]);
}
