import { type ReactNode, memo } from "react";
import { Reply } from "./Reply";
import { Said } from "./Said";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

type RowProps = {
  message: Message;
  actions: MessageActions;
  /** What another feature shows below a message, for example the intents that it raised. */
  below?: ((messageId: string) => ReactNode) | undefined;
};

/** One message: what the reader said, or an answer. */
export const MessageRow = memo(function MessageRow({ message, actions, below }: RowProps) {
  return (
    <li className="group/message">
      {message.messageType === "USER" ? (
        <Said message={message} actions={actions} below={below?.(message.id)} />
      ) : (
        <Reply message={message} actions={actions} />
      )}
    </li>
  );
});
