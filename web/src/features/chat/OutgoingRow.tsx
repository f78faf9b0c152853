import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useFailureText } from "@/components/useFailureText";
import { beginDraft } from "@/lib/draft";
import { useText } from "@/lib/language";
import { RequestFailure } from "@/lib/request";
import { SaidBubble } from "./Said";
import type { Queued } from "./outbox";
import { useChat } from "./useChat";

/** What was said and is not with the server yet: on its way, waiting for the line, or refused. */
export function OutgoingRow({ queued }: { queued: Queued }) {
  const text = useText();
  const reason = useFailureText();
  const { outbox } = useChat();
  const { key, content, refusal, waits, conversationId } = queued;
  const takeBack = () => {
    beginDraft(conversationId, content);
    outbox.remove(key);
  };
  return (
    <div className="flex flex-col items-end gap-1.5">
      <SaidBubble content={content} pending />
      {refusal ? (
        <div
          role="alert"
          className="flex max-w-full flex-wrap items-center gap-2 rounded-lg bg-rust-wash px-3 py-1.5 text-sm text-rust"
        >
          <Icon name="alert" />
          <span className="min-w-0 wrap-anywhere">
            {text.chat.notSent} {reason(new RequestFailure(refusal.code, refusal.message))}
          </span>
          <Button look="quiet" onClick={() => outbox.retry(key)}>
            {text.retry}
          </Button>
          <Button look="quiet" onClick={takeBack}>
            {text.chat.takeBack}
          </Button>
        </div>
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
