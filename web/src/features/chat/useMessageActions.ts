import { useMemo } from "react";
import { useRequest } from "@/lib/request";
import { ContinueReply, DeleteMessage, EditMessage, RegenerateReply, StopReply } from "./documents";
import type { Message, Messages } from "./useMessages";

export type MessageActions = {
  stop: (reply: Message) => Promise<void>;
  regenerate: (reply: Message) => Promise<void>;
  /** Goes on after the text of a reply that was cut off. */
  continueReply: (reply: Message) => Promise<void>;
  /** Changes a message: later messages are deleted and a new reply starts. */
  edit: (message: Message, content: string) => Promise<void>;
  remove: (message: Message) => Promise<void>;
};

/** The actions on a message; each rejects with a RequestFailure. */
export function useMessageActions(collection: Messages): MessageActions {
  const request = useRequest();
  return useMemo(
    () => ({
      stop: async (reply) => {
        const { stopReply } = await request(StopReply, { messageId: reply.id });
        collection.upsert(stopReply);
      },
      regenerate: async (reply) => {
        const { regenerateReply } = await request(RegenerateReply, { messageId: reply.id });
        collection.upsert(regenerateReply);
      },
      continueReply: async (reply) => {
        const { continueReply } = await request(ContinueReply, { messageId: reply.id });
        collection.upsert(continueReply);
      },
      edit: async (message, content) => {
        const { editMessage } = await request(EditMessage, { id: message.id, content });
        const later = collection.getSnapshot().filter((row) => row.id > message.id && row.id !== editMessage.reply.id);
        // A message with a higher id than the new reply was written after the edit: it is kept.
        collection.remove(...later.filter((row) => row.id < editMessage.reply.id).map((row) => row.id));
        collection.upsert(editMessage.message, editMessage.reply);
      },
      remove: async (message) => {
        await request(DeleteMessage, { id: message.id });
        const replies = collection.getSnapshot().filter((row) => row.replyTo?.id === message.id);
        collection.remove(message.id, ...replies.map((reply) => reply.id));
      },
    }),
    [collection, request],
  );
}
