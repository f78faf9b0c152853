import { useCallback, useRef, useState } from "react";
import type { MessageFieldsFragment } from "@/gql/graphql";
import { Collection, oldestFirst, useCollection } from "@/lib/collection";
import { messagesCacheKey } from "@/lib/offlineCache";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { backOff, waitToRetry } from "@/lib/liveSocket";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { useLiveFeed } from "@/lib/useLiveFeed";
import { ConversationMessages, MessageChanged } from "./documents";

export type Message = MessageFieldsFragment;
export type Messages = Collection<Message>;

export const newMessages = (): Messages => new Collection<Message>(oldestFirst);

type Reading = {
  loading: boolean;
  missing: boolean;
  failure: RequestFailure | null;
  /** Where earlier messages go on; null when all are here. */
  before: string | null;
};

/** The messages of one conversation: the last page, earlier ones on demand, and every change as it happens. */
export function useMessages(conversationId: string, collection: Messages) {
  const request = useRequest();
  const messages = useCollection(collection);
  useOfflineCache(collection, messagesCacheKey(conversationId), true);
  const [reading, setReading] = useState<Reading>({ loading: true, missing: false, failure: null, before: null });

  const load = useCallback(
    (before: string | null) =>
      collection.ask(async (asked) => {
        try {
          const { conversation } = await request(ConversationMessages, { id: conversationId, before });
          if (!conversation) {
            setReading({ loading: false, missing: true, failure: null, before: null });
            return true;
          }
          const { edges, pageInfo } = conversation.messages;
          const page = edges.map((edge) => edge.node);
          const follows = !pageInfo.hasPreviousPage || page.some(({ id }) => collection.get(id));
          const first = page[0];
          if (before === null) {
            // Where nothing that is held is in the page, more was said in between than the page has: it is read anew.
            collection.reconcile(asked, page, (row) => !follows || !first || row.id >= first.id);
          } else {
            collection.take(asked, page);
          }
          setReading((now) => ({
            loading: false,
            missing: false,
            failure: null,
            // Reading the end anew must not forget how far back the reader has gone.
            before:
              before === null && now.before !== null && !now.loading && follows
                ? now.before
                : pageInfo.hasPreviousPage
                  ? (pageInfo.startCursor ?? null)
                  : null,
          }));
        } catch (error) {
          const failure = toFailure(error);
          setReading((now) => ({ ...now, loading: false, missing: failure.code === "NOT_FOUND", failure }));
          return false;
        }
        return true;
      }),
    [collection, conversationId, request],
  );
  const reload = useCallback(() => void load(null), [load]);

  useLiveFeed({
    document: MessageChanged,
    variables: { conversationId },
    cursorOf: (data) => data.messageChanged.cursor,
    onEvent: ({ messageChanged: { message, messageId, kind } }) => {
      if (message) collection.upsert(message);
      else if (kind === "MESSAGE_DELETED") collection.remove(messageId);
    },
    load: reload,
  });

  const { before } = reading;
  const [loadingOlder, setLoadingOlder] = useState(false);
  const failures = useRef(0);
  const loadOlder = useCallback(() => {
    if (before === null) return;
    setLoadingOlder(true);
    void load(before).then(async (done) => {
      failures.current = done ? 0 : failures.current + 1;
      // The list asks again at once while it stands at its top; a line that is down is given time.
      if (!done) await waitToRetry(backOff(failures.current));
      setLoadingOlder(false);
    });
  }, [load, before]);
  return { messages, ...reading, loadingOlder, reload, loadOlder };
}
