import type { ReactNode } from "react";
import { ConversationView } from "./ConversationView";
import { NewConversation } from "./NewConversation";
import { useChat } from "./useChat";

export type ChatProps = {
  conversationId: string | null;
  /** The message that the address points to. */
  at: string | null;
  below?: (messageId: string) => ReactNode;
  beside?: (messageId: string) => ReactNode;
  notice?: ReactNode;
  /** What stands below the field, given what is written in it. */
  foot?: (draft: string) => ReactNode;
};

/** The open conversation, or the place to begin one. */
export function ChatPage({ conversationId, at, below, beside, notice, foot }: ChatProps) {
  const { messagesOf } = useChat();
  if (conversationId === null) return <NewConversation notice={notice} foot={foot} />;
  return (
    <ConversationView
      key={conversationId}
      conversationId={conversationId}
      at={at}
      collection={messagesOf(conversationId)}
      below={below}
      beside={beside}
      notice={notice}
      foot={foot}
    />
  );
}
