import { type ReactNode, memo } from "react";
import { Reply } from "./Reply";
import { UserMessage } from "./UserMessage";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

type RowProps = {
  message: Message;
  actions: MessageActions;
  /** Rendered below a message by another feature, for example its intents. */
  below?: ((messageId: string) => ReactNode) | undefined;
  /** Rendered below a message that has several versions by another feature, for example what the others did. */
  otherVersions?: ((message: Message) => ReactNode) | undefined;
  /** Rendered next to the buttons of a reply by another feature, for example its context. */
  explanation?: ((messageId: string) => ReactNode) | undefined;
};

/** One message of the reader, or one reply. */
export const MessageRow = memo(function MessageRow({ message, actions, below, otherVersions, explanation }: RowProps) {
  const others = message.versions.length > 1 && otherVersions?.(message);
  return message.messageType === "USER" ? (
    <UserMessage
      message={message}
      actions={actions}
      below={
        <>
          {below?.(message.id)}
          {others}
        </>
      }
    />
  ) : (
    <Reply message={message} actions={actions} explanation={explanation?.(message.id)} below={others} />
  );
});
