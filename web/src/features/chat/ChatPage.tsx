import { type ReactNode, useState } from "react";
import { navigate } from "@/lib/route";
import { ConversationView } from "./ConversationView";
import { NewConversation } from "./NewConversation";
import { type Messages, newMessages } from "./useMessages";

type ChatProps = {
  conversationId: string | null;
  below?: (messageId: string) => ReactNode;
  notice?: ReactNode;
};

/** The open conversation, or the place to begin one. What was read stays at hand while the reader moves about. */
export function ChatPage({ conversationId, below, notice }: ChatProps) {
  const [shelf] = useState(() => new Map<string, Messages>());
  const messagesOf = (id: string) => {
    const held = shelf.get(id) ?? newMessages();
    shelf.set(id, held);
    return held;
  };
  if (conversationId === null) {
    return (
      <NewConversation
        notice={notice}
        onSent={(message, reply) => {
          messagesOf(message.conversation.id).upsert(message, reply);
          navigate({ conversationId: message.conversation.id });
        }}
      />
    );
  }
  return (
    <ConversationView
      key={conversationId}
      conversationId={conversationId}
      collection={messagesOf(conversationId)}
      below={below}
      notice={notice}
    />
  );
}
