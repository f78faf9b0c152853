import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useFailureText } from "@/components/useFailureText";
import { beginDraft } from "@/lib/draft";
import { useText } from "@/lib/language";
import { RequestFailure } from "@/lib/request";
import { MessageBubble } from "./MessageBubble";
import type { Queued } from "./outbox";
import { useChat } from "./useChat";

/** A message that the server does not have yet: being sent, waiting for the connection, or refused. */
export function OutgoingRow({ queued }: { queued: Queued }) {
  const text = useText();
  const reason = useFailureText();
  const { outbox, files } = useChat();
  const { key, content, refusal, waits, conversationId, attachments = [] } = queued;
  const takeBack = () => {
    beginDraft(conversationId, content);
    files.addStored(conversationId, attachments);
    outbox.remove(key);
  };
  return (
    <div className="flex flex-col items-end gap-1.5">
      {content.trim() !== "" && <MessageBubble content={content} pending />}
      {attachments.map(({ id, name }) => (
        <p key={id} className="flex max-w-72 items-center gap-1.5 text-sm text-soft opacity-60">
          <Icon name="clip" />
          <span className="truncate">{name}</span>
        </p>
      ))}
      {refusal ? (
        <Banner
          role="alert"
          tone="error"
          className="max-w-full"
          title={text.chat.notSent}
          actions={
            <>
              <Button onClick={() => outbox.retry(key)}>{text.retry}</Button>
              <Button onClick={takeBack}>{text.chat.takeBack}</Button>
            </>
          }
        >
          {reason(new RequestFailure(refusal.code, refusal.message, refusal.key, refusal.params))}
        </Banner>
      ) : (
        waits && (
          <p role="status" className="flex items-center gap-1.5 text-xs text-faint">
            <Icon name="clock" />
            {text.chat.queued}
          </p>
        )
      )}
    </div>
  );
}
