import type { MessageFieldsFragment } from "@/gql/graphql";
import { Collection, oldestFirst } from "@/lib/collection";
import { messagesCacheKey } from "@/lib/offlineCache";
import { RequestFailure, useRequest } from "@/lib/request";
import { useLiveCollection } from "@/lib/useLiveCollection";
import { ConversationMessages, MessageChanged } from "./documents";

export type Message = MessageFieldsFragment;
export type Messages = Collection<Message>;

export const newMessages = (): Messages => new Collection<Message>(oldestFirst);

/** The messages of one conversation: the last page, earlier pages on demand, and every change. */
export function useMessages(conversationId: string, collection: Messages) {
  const request = useRequest();
  const { rows, failure, ...list } = useLiveCollection({
    collection,
    readPage: async (before) => {
      const { conversation } = await request(ConversationMessages, { id: conversationId, before });
      if (!conversation) throw new RequestFailure("NOT_FOUND", "There is no such conversation.");
      const { edges, pageInfo } = conversation.messages;
      return {
        rows: edges.map((edge) => edge.node).reverse(),
        next: pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? null) : null,
      };
    },
    contiguous: true,
    feed: {
      document: MessageChanged,
      variables: { conversationId },
      cursorOf: (data) => data.messageChanged.cursor,
      onEvent: ({ messageChanged: { message, messageId, kind } }) => {
        if (kind === "MESSAGE_CREATED") collection.revive(messageId);
        if (message) applyChange(collection, message, () => list.reload());
        else if (kind === "MESSAGE_DELETED") applyDeletion(collection, messageId);
      },
    },
    cache: { key: messagesCacheKey(conversationId), oldestFirst: true },
  });
  return { messages: rows, missing: failure?.code === "NOT_FOUND", failure, ...list };
}

/** Applies the newest state of a message. When another branch is shown since, all messages are read again. */
export function applyChange(collection: Messages, message: Message, reload: () => void) {
  const known = collection.get(message.id) !== undefined;
  if (message.shown && (known || message.versions.length < 2)) collection.upsert(message);
  else if (message.shown || known) reload();
}

function applyDeletion(collection: Messages, messageId: string) {
  collection.remove(messageId);
  const others = collection.getSnapshot().filter(({ versions }) => versions.some(({ id }) => id === messageId));
  const left = (row: Message) => row.versions.filter(({ id }) => id !== messageId);
  collection.upsert(...others.map((row) => ({ ...row, versions: left(row) })));
}
