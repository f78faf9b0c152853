import { type ReactNode, useRef } from "react";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { Composer } from "./Composer";
import { HiddenMessage, useHidden } from "./HiddenMessage";
import { MessageList, type MessageListHandle } from "./MessageList";
import { withoutDelivered, useSending } from "./useChat";
import { useDraft } from "./useDraft";
import { useDraftFiles } from "./useDraftFiles";
import { useMessageActions } from "./useMessageActions";
import { type Message, type Messages, useMessages } from "./useMessages";
import { isOver } from "./useReplyStream";

type ViewProps = {
  conversationId: string;
  at: string | null;
  collection: Messages;
  below?: ((messageId: string) => ReactNode) | undefined;
  otherVersions?: ((message: Message) => ReactNode) | undefined;
  explanation?: ((messageId: string) => ReactNode) | undefined;
  notice?: ReactNode;
  foot?: ((draft: string) => ReactNode) | undefined;
  closed?: ReactNode;
};

const RECENT = 40;

/** One conversation: its messages and the composer. */
export function ConversationView({ conversationId, at, collection, notice, foot, closed, ...parts }: ViewProps) {
  const { below, otherVersions, explanation } = parts;
  const text = useText();
  const attempt = useAttempt();
  const list = useRef<MessageListHandle>(null);
  const { messages, missing, failure, loading, reload, ...older } = useMessages(conversationId, collection);
  const actions = useMessageActions(collection, reload);
  const hidden = useHidden(at, conversationId, collection);
  const [draft, setDraft] = useDraft(conversationId);
  const attached = useDraftFiles(conversationId);
  const { outgoing, send } = useSending(conversationId);
  const writing = messages.findLast((message) => message.messageType === "KANA" && !isOver(message.status));
  const empty = messages.length === 0 && outgoing.length === 0;

  if (missing) return <Missing />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {notice}
      {empty ? (
        <div className="min-h-0 flex-1">
          {loading && <Loading />}
          {failure && <LoadFailed title={text.chat.loadFailed} failure={failure} onRetry={reload} />}
        </div>
      ) : (
        <MessageList
          ref={list}
          messages={messages}
          outgoing={withoutDelivered(outgoing, new Set(messages.slice(-RECENT).map(keyOf)))}
          at={hidden ? null : at}
          actions={actions}
          below={below}
          otherVersions={otherVersions}
          explanation={explanation}
          hasOlder={older.hasMore}
          loadingOlder={older.loadingMore}
          onOlder={older.loadMore}
        />
      )}
      {hidden && at !== null && <HiddenMessage messageId={at} onSelect={actions.select} />}
      {closed ?? (
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={() => {
            send(draft, undefined, attached.take());
            setDraft("");
            list.current?.toEnd();
          }}
          onStop={writing && (() => void attempt(() => actions.stop(writing)))}
          files={attached.files}
          onFiles={attached.add}
          onRemoveFile={attached.remove}
          onRetryFile={attached.retry}
          foot={foot?.(draft)}
        />
      )}
    </div>
  );
}

/** The idempotency key with which a client sent the message. */
function keyOf({ metadata }: Message): unknown {
  return (metadata as { key?: unknown } | null)?.key;
}

function Missing() {
  const text = useText();
  return (
    <div className="m-auto">
      <EmptyState title={text.chat.missing} hint={text.chat.missingHint} icon="info" />
    </div>
  );
}
