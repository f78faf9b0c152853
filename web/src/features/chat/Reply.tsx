import type { ReactNode } from "react";
import type { Citation } from "@/components/citations/context";
import { withSources } from "@/components/citations/sources";
import { Banner } from "@/components/Banner";
import { Button, IconButton } from "@/components/Button";
import { errorOf } from "@/lib/messages";
import { Logo } from "@/components/Logo";
import { Prose } from "@/components/Prose";
import { useAttempt } from "@/components/Toasts";
import { useCopy } from "@/components/useCopy";
import type { MessageType } from "@/gql/graphql";
import { clockTime, fullDate } from "@/lib/dates";
import { type Text, useLanguage, useText } from "@/lib/language";
import { VersionSwitch } from "./VersionSwitch";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";
import { isOver, useReplyStream } from "./useReplyStream";
import { useMayWrite } from "./useMayWrite";

const noCitations: readonly Citation[] = [];

type ReplyProps = { message: Message; actions: MessageActions; explanation?: ReactNode; below?: ReactNode };

/** A reply: streaming, complete, stopped, or failed with the reason. */
export function Reply({ message, actions, explanation, below }: ReplyProps) {
  const text = useText();
  const open = !isOver(message.status);
  const stream = useReplyStream(message.id, open);
  // The stream ends shortly before the message event arrives; until then its text and status are shown.
  const content = open ? stream.text || message.content : message.content;
  const status = open ? (stream.status ?? message.status) : message.status;
  const writing = !isOver(status);

  return (
    <article aria-busy={writing} className="flex gap-3">
      <span className="mt-1 hidden text-wave sm:block">
        <Logo live={writing} className="size-6" />
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="sr-only">{speaker(message.messageType, text)}</h3>
        {content !== "" && <Prose text={content} unfinished={writing} citations={citationsOf(message)} />}
        {content === "" && writing && (
          <p role="status" className="flex items-center gap-2 py-1 text-sm text-faint">
            <Logo live className="size-5 text-wave sm:hidden" />
            {text.chat.waiting}…
          </p>
        )}
        {status === "COMPLETE" && content.trim() === "" && <p className="text-sm text-faint">{text.chat.empty}</p>}
        {status === "FAILED" && <Failure message={message} actions={actions} cut={content.trim() !== ""} />}
        <div className="mt-1 -ml-2 flex flex-wrap items-center text-faint">
          <VersionSwitch message={message} actions={actions} />
          {!writing && (
            <ReplyFooter
              message={message}
              content={content}
              status={status}
              actions={actions}
              explanation={explanation}
            />
          )}
        </div>
        {below}
      </div>
    </article>
  );
}

/** Why the reply failed: before its first word, or after some text (`cut`). */
function Failure({ message, actions, cut }: ReplyProps & { cut: boolean }) {
  const { text, translate } = useLanguage();
  const canWrite = useMayWrite();
  const attempt = useAttempt();
  return (
    <Banner
      role="alert"
      tone="error"
      className="mt-2"
      title={cut ? text.chat.cut : text.chat.failed}
      actions={
        <>
          {cut && canWrite && (
            <Button onClick={() => void attempt(() => actions.continueReply(message))}>{text.chat.continue}</Button>
          )}
          {canWrite && (
            <Button
              icon="again"
              look={cut ? "quiet" : "outline"}
              onClick={() => void attempt(() => actions.regenerate(message))}
            >
              {text.chat.retry}
            </Button>
          )}
        </>
      }
    >
      {message.error && <p className="text-soft">{translate(errorOf(message, message.error))}</p>}
    </Banner>
  );
}

type FooterProps = ReplyProps & { content: string; status: Message["status"] };

function ReplyFooter({ message, content, status, actions, explanation }: FooterProps) {
  const { language, text } = useLanguage();
  const attempt = useAttempt();
  const [copied, copy] = useCopy();
  const canWrite = useMayWrite();
  const model = modelOf(message.metadata);
  return (
    <>
      {content !== "" && (
        <IconButton
          small
          icon={copied ? "check" : "copy"}
          label={copied ? text.chat.copied : text.chat.copy}
          onClick={() => copy(withSources(content, citationsOf(message), text.citations.gone))}
        />
      )}
      {status !== "FAILED" && message.replyTo && canWrite && (
        <IconButton
          small
          icon="again"
          label={text.chat.regenerate}
          onClick={() => void attempt(() => actions.regenerate(message))}
        />
      )}
      {explanation}
      {status === "STOPPED" && <span className="ml-2 text-xs font-medium">{text.chat.stopped}</span>}
      <span className="ml-2 text-xs opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100">
        <time dateTime={message.updatedAt} title={fullDate(message.updatedAt, language)}>
          {clockTime(message.updatedAt, language)}
        </time>
        {model && ` · ${model}`}
      </span>
    </>
  );
}

/** Its citations; a message in the offline cache of an earlier version has none. */
function citationsOf(message: Partial<Pick<Message, "citations">>): readonly Citation[] {
  return message.citations ?? noCitations;
}

function speaker(type: MessageType, text: Text): string {
  return { USER: text.chat.you, KANA: text.chat.assistant, YUNO: text.chat.yuno, SYSTEM: text.chat.system }[type];
}

function modelOf(metadata: unknown): string | null {
  const model = (metadata as { model?: unknown } | null)?.model;
  return typeof model === "string" ? model : null;
}
