import type { ReactNode } from "react";
import { ConversationView } from "./ConversationView";
import { NewConversation } from "./NewConversation";
import { MayWriteContext } from "./useMayWrite";
import { useChat } from "./useChat";
import type { Message } from "./useMessages";

export type ChatProps = {
  conversationId: string | null;
  /** The id of the message to scroll to. */
  at: string | null;
  /** The model of a new conversation; null for the default one. */
  newModel: string | null;
  /** The id of the project of a new conversation; null for the default one. */
  newProject: string | null;
  below?: (messageId: string) => ReactNode;
  otherVersions?: (message: Message) => ReactNode;
  explanation?: (messageId: string) => ReactNode;
  notice?: ReactNode;
  /** Rendered below the composer, given its text. */
  foot?: (draft: string) => ReactNode;
  /** Takes the place of the composer where nothing can be written. */
  closed?: ReactNode;
};

/** The open conversation, or the form for a new one. */
export function ChatPage(props: ChatProps) {
  const { conversationId, at, newModel, newProject, below, otherVersions, explanation, notice, foot, closed } = props;
  const { messagesOf } = useChat();
  if (conversationId === null)
    return <NewConversation model={newModel} projectId={newProject} notice={notice} foot={foot} closed={closed} />;
  return (
    <MayWriteContext value={!closed}>
      <ConversationView
        key={conversationId}
        conversationId={conversationId}
        at={at}
        collection={messagesOf(conversationId)}
        below={below}
        otherVersions={otherVersions}
        explanation={explanation}
        notice={notice}
        foot={foot}
        closed={closed}
      />
    </MayWriteContext>
  );
}
