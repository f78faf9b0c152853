import { useMemo } from "react";
import { useUndo } from "@/components/useUndo";
import { plainText } from "@/lib/plainText";
import { useRequest } from "@/lib/request";
import { ContinueReply, DeleteMessage, EditMessage, RegenerateReply, SelectVersion, StopReply } from "./documents";
import type { Message, Messages } from "./useMessages";

const LONGEST_NAME = 300;

export type MessageActions = {
  stop: (reply: Message) => Promise<void>;
  /** Answers again: a new version of the reply, in place of it and what follows it. */
  regenerate: (reply: Message) => Promise<void>;
  /** Goes on after the text of a reply that was cut off. */
  continueReply: (reply: Message) => Promise<void>;
  /** Changes a message: a new version with a new reply, in place of it and what follows it. */
  edit: (message: Message, content: string) => Promise<void>;
  /** Shows another version of a message with what follows that. */
  select: (messageId: string) => Promise<void>;
  remove: (message: Message) => Promise<void>;
};

/** The actions on a message; each rejects with a RequestFailure. */
export function useMessageActions(collection: Messages, reload: () => void): MessageActions {
  const request = useRequest();
  const undo = useUndo();
  return useMemo(
    () => ({
      stop: async (reply) => {
        const { stopReply } = await request(StopReply, { messageId: reply.id });
        collection.upsert(stopReply);
      },
      regenerate: async (reply) => {
        const { regenerateReply } = await request(RegenerateReply, { messageId: reply.id });
        if (regenerateReply.id !== reply.id) leaveBranch(collection, reply.id, regenerateReply.id);
        collection.upsert(regenerateReply);
      },
      continueReply: async (reply) => {
        const { continueReply } = await request(ContinueReply, { messageId: reply.id });
        collection.upsert(continueReply);
      },
      edit: async (message, content) => {
        const { editMessage } = await request(EditMessage, { id: message.id, content });
        leaveBranch(collection, message.id, editMessage.message.id);
        collection.upsert(editMessage.message, editMessage.reply);
      },
      select: async (messageId) => {
        await request(SelectVersion, { messageId });
        reload();
      },
      remove: async (message) => {
        await request(DeleteMessage, { id: message.id });
        const replies = collection.getSnapshot().filter((row) => row.replyTo?.id === message.id);
        collection.remove(message.id, ...replies.map((reply) => reply.id));
        undo.deleted("Message", message.id, plainText(message.content.slice(0, LONGEST_NAME)));
        if (message.versions.length > 1) reload();
      },
    }),
    [collection, request, reload, undo],
  );
}

/** Hides a message and what follows it, up to the new version of it: what is newer follows that one. */
function leaveBranch(collection: Messages, from: string, newVersion: string) {
  const left = collection.getSnapshot().filter(({ id }) => id >= from && id < newVersion);
  collection.hide(...left.map(({ id }) => id));
}
