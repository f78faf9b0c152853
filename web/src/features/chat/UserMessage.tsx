import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useCopy } from "@/components/useCopy";
import { clockTime, fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { Attachments } from "./Attachments";
import { EditMessageForm } from "./EditMessageForm";
import { MessageBubble } from "./MessageBubble";
import { VersionSwitch } from "./VersionSwitch";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

type UserMessageProps = { message: Message; actions: MessageActions; below: ReactNode };

/** A message of the reader, with buttons to copy, edit and delete it. */
export function UserMessage({ message, actions, below }: UserMessageProps) {
  const { language, text } = useLanguage();
  const attempt = useAttempt();
  const [copied, copy] = useCopy();
  const [editing, setEditing] = useState(false);

  if (editing) {
    return (
      <EditMessageForm
        content={message.content}
        onCancel={() => setEditing(false)}
        onResend={async (content) => {
          if (await attempt(() => actions.edit(message, content))) setEditing(false);
        }}
      />
    );
  }
  return (
    <div className="flex flex-col items-end">
      {!isNamesOnly(message) && <MessageBubble content={message.content} />}
      <Attachments files={message.attachments} />
      {below}
      <div className="mt-0.5 flex items-center">
        <div className="flex items-center text-faint opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100">
          <time dateTime={message.createdAt} title={fullDate(message.createdAt, language)} className="mr-1 text-xs">
            {clockTime(message.createdAt, language)}
          </time>
          <IconButton
            small
            icon={copied ? "check" : "copy"}
            label={copied ? text.chat.copied : text.chat.copy}
            onClick={() => copy(message.content)}
          />
          <IconButton small icon="edit" label={text.chat.edit} onClick={() => setEditing(true)} />
          <IconButton
            small
            icon="trash"
            label={text.delete}
            onClick={() => void attempt(() => actions.remove(message))}
          />
        </div>
        <VersionSwitch message={message} actions={actions} />
      </div>
    </div>
  );
}

/** Whether the text is only the names of the files: the server gives it to a message without another one. */
function isNamesOnly({ content, attachments }: Message): boolean {
  return attachments.length > 0 && content === attachments.map((file) => file.name).join(", ");
}
