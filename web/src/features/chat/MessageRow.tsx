import { type ReactNode, memo } from "react";
import { Reply } from "./Reply";
import { UserMessage } from "./UserMessage";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

type RowProps = {
  message: Message;
  actions: MessageActions;
  /** What another feature shows below a message, for example the intents that it raised. */
  below?: ((messageId: string) => ReactNode) | undefined;
  /** What another feature offers beside the buttons of a reply, for example what the model was given. */
  beside?: ((messageId: string) => ReactNode) | undefined;
};

/** One message: what the reader said, or an answer. */
export const MessageRow = memo(function MessageRow({ message, actions, below, beside }: RowProps) {
  return message.messageType === "USER" ? (
    <UserMessage message={message} actions={actions} below={below?.(message.id)} />
  ) : (
    <Reply message={message} actions={actions} beside={beside?.(message.id)} />
  );
});
