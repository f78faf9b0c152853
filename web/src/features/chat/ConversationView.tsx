import { type ReactNode, useRef } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { Composer } from "./Composer";
import { MessageRow } from "./MessageRow";
import { SaidBubble } from "./Said";
import { useDraft } from "./useDraft";
import { useMessageActions } from "./useMessageActions";
import { type Messages, useMessages } from "./useMessages";
import { isOver } from "./useReplyStream";
import { useSending } from "./useSending";
import { useStickToBottom } from "./useStickToBottom";

type ViewProps = {
  conversationId: string;
  collection: Messages;
  below?: ((messageId: string) => ReactNode) | undefined;
  notice?: ReactNode;
};

/** One conversation: its messages, live, and the field below them. */
export function ConversationView({ conversationId, collection, below, notice }: ViewProps) {
  const text = useText();
  const attempt = useAttempt();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { messages, loading, missing, failure, before, reload, loadOlder } = useMessages(conversationId, collection);
  const actions = useMessageActions(collection);
  const { atBottom, toBottom } = useStickToBottom(box, content, messages[0]?.id ?? "");
  const [draft, setDraft] = useDraft(conversationId);
  const { outgoing, problem, send } = useSending({
    conversationId,
    draft,
    setDraft,
    onSent: (message, reply) => collection.upsert(message, reply),
  });
  const writing = messages.findLast((message) => message.messageType === "KANA" && !isOver(message.status));

  if (missing) return <Missing />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={box} className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]">
        <div ref={content} className="mx-auto w-full max-w-3xl px-4 py-6">
          {loading && messages.length === 0 && <Loading />}
          {failure && messages.length === 0 && (
            <LoadFailed title={text.chat.loadFailed} failure={failure} onRetry={reload} />
          )}
          {before && (
            <Button look="quiet" className="mx-auto mb-4 flex" onClick={loadOlder}>
              {text.chat.older}
            </Button>
          )}
          <ol role="log" aria-label={text.chat.log} aria-live="off" className="flex flex-col gap-6">
            {messages.map((message) => (
              <MessageRow key={message.id} message={message} actions={actions} below={below} />
            ))}
            {outgoing.map((message) => (
              <li key={message.id} className="flex flex-col items-end">
                <SaidBubble content={message.content} pending />
              </li>
            ))}
          </ol>
        </div>
      </div>
      <div className="relative">
        {!atBottom && (
          <button
            type="button"
            onClick={toBottom}
            aria-label={text.chat.toNewest}
            title={text.chat.toNewest}
            className="absolute -top-12 left-1/2 flex size-9 -translate-x-1/2 animate-fade items-center justify-center rounded-full border border-line bg-raised text-soft shadow-md hover:text-ink"
          >
            <Icon name="down" className="size-4" />
          </button>
        )}
        {notice}
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={() => {
            send();
            toBottom();
          }}
          onStop={writing && (() => void attempt(() => actions.stop(writing)))}
          problem={problem}
        />
      </div>
    </div>
  );
}

function Missing() {
  const text = useText();
  return (
    <div className="m-auto">
      <EmptyState title={text.chat.missing} hint={text.chat.missingHint} icon="info" />
    </div>
  );
}
