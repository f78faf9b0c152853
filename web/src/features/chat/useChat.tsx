import { type ReactNode, createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useLanguage } from "@/lib/language";
import { useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { useConnection } from "@/lib/socketContext";
import { fileLimits, uploadFile } from "@/lib/upload";
import { readerZone } from "@/lib/zone";
import { SendMessage } from "./documents";
import { type AttachedFile, DraftFiles } from "./draftFiles";
import { Outbox, type Queued, type Sent } from "./outbox";
import { type Messages, newMessages } from "./useMessages";

type Chat = {
  /** The messages of a conversation, kept in memory while the reader visits other pages. */
  messagesOf: (conversationId: string) => Messages;
  outbox: Outbox;
  files: DraftFiles;
};

const ChatContext = createContext<Chat | null>(null);

/** Keeps the messages of opened conversations and the outbox, across pages. */
export function ChatProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const connected = useConnection() === "connected";
  const [chat] = useState<Chat>(() => {
    const collections = new Map<string, Messages>();
    const messagesOf = (id: string) => {
      const found = collections.get(id) ?? newMessages();
      collections.set(id, found);
      return found;
    };
    const outbox = new Outbox(
      async ({ key, content, conversationId, projectId, model, metadata, attachments = [] }) => {
        const attachmentIds = attachments.map((file) => file.id);
        const sent = { ...metadata, key };
        const place = conversationId === null ? { projectId } : { conversationId };
        const input = { content, ...place, model, attachmentIds, metadata: sent, idempotencyKey: key };
        const { sendMessage } = await request(SendMessage, { input });
        const { message, reply } = sendMessage;
        messagesOf(message.conversation.id).upsert(message, reply);
        return sendMessage;
      },
    );
    return { messagesOf, outbox, files: new DraftFiles(uploadFile, fileLimits) };
  });
  const { outbox } = chat;
  useEffect(() => {
    if (connected) void outbox.flush();
  }, [outbox, connected]);
  useEffect(() => {
    addEventListener("storage", outbox.reread);
    return () => removeEventListener("storage", outbox.reread);
  }, [outbox]);
  return <ChatContext value={chat}>{children}</ChatContext>;
}

export function useChat(): Chat {
  const value = use(ChatContext);
  if (!value) throw new Error("useChat needs a ChatProvider above it");
  return value;
}

/** The unsent messages of one conversation, and the function to send one. */
export function useSending(
  conversationId: string | null,
  model: string | null = null,
  projectId: string | null = null,
) {
  const { outbox } = useChat();
  const { language } = useLanguage();
  const chosen = useProjectId();
  const queue = useSyncExternalStore(outbox.subscribe, outbox.getSnapshot);
  const send = useCallback(
    (content: string, onSent?: (sent: Sent) => void, attachments: readonly AttachedFile[] = []) => {
      const timezone = readerZone();
      outbox.add({ content, conversationId, projectId, model, metadata: { timezone, language }, attachments }, onSent);
    },
    [outbox, conversationId, projectId, model, language],
  );
  const isHere = (queued: Queued) =>
    queued.conversationId === conversationId &&
    (conversationId !== null || chosen === null || queued.projectId === chosen);
  return { outgoing: queue.filter(isHere), send };
}

/** Drops unsent messages that were already received: an event can arrive before the response. */
export function withoutDelivered(outgoing: readonly Queued[], deliveredKeys: ReadonlySet<unknown>): readonly Queued[] {
  return outgoing.filter((queued) => !deliveredKeys.has(queued.key));
}
