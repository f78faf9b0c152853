import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/Button";
import { PersonMark } from "@/components/PersonMark";
import { useAttempt } from "@/components/Toasts";
import { useCopy } from "@/components/useCopy";
import { clockTime, fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { type Person, usePeople } from "@/lib/people";
import { Attachments } from "./Attachments";
import { EditMessageForm } from "./EditMessageForm";
import { MessageBubble } from "./MessageBubble";
import { VersionSwitch } from "./VersionSwitch";
import { useMayWrite } from "./useMayWrite";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

type UserMessageProps = { message: Message; actions: MessageActions; below: ReactNode };

/** A message of the reader, with buttons to copy, edit and delete it. */
export function UserMessage({ message, actions, below }: UserMessageProps) {
  const { language, text } = useLanguage();
  const attempt = useAttempt();
  const [copied, copy] = useCopy();
  const [editing, setEditing] = useState(false);
  const { viewerId, find } = usePeople();
  const canWrite = useMayWrite();
  const own = viewerId === null || message.userId === viewerId;

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
    <div className={`flex flex-col ${own ? "items-end" : "items-start"}`}>
      {!own && <Author userId={message.userId} person={find(message.userId)} />}
      {!isNamesOnly(message) && <MessageBubble content={message.content} own={own} />}
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
          {own && canWrite && (
            <>
              <IconButton small icon="edit" label={text.chat.edit} onClick={() => setEditing(true)} />
              <IconButton
                small
                icon="trash"
                label={text.delete}
                onClick={() => void attempt(() => actions.remove(message))}
              />
            </>
          )}
        </div>
        <VersionSwitch message={message} actions={actions} />
      </div>
    </div>
  );
}

/** Who wrote a message of a shared conversation, when it was not the reader. */
function Author({ userId, person }: { userId: string; person: Person | undefined }) {
  const { text } = useLanguage();
  const shown = person ?? { userId, displayName: text.members.former };
  return (
    <p className="mb-1 flex max-w-full items-center gap-1.5 text-xs text-soft">
      <PersonMark person={shown} className="size-5 text-[0.6875rem]" />
      <span className="truncate">{shown.displayName}</span>
    </p>
  );
}

/** Whether the text is only the names of the files: the server gives it to a message without another one. */
function isNamesOnly({ content, attachments }: Message): boolean {
  return attachments.length > 0 && content === attachments.map((file) => file.name).join(", ");
}
