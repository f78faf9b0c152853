import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Intent, canComplete, canPutBack, canReopen, canStart, useIntents } from "./useIntents";

type ActionsProps = { intent: Intent; className?: string; reopening?: boolean; tabIndex?: number };

/** The buttons to start, complete, put back and reopen a to-do; nothing for the work of the assistant. */
export function ToDoActions({ intent, className = "", reopening = true, tabIndex = 0 }: ActionsProps) {
  const { intents: text } = useText();
  const attempt = useAttempt();
  const { start, complete, reopen } = useIntents();
  return (
    <>
      {canComplete(intent) && (
        <Button
          look="primary"
          icon="check"
          className={className}
          tabIndex={tabIndex}
          onClick={() => void attempt(() => complete(intent.id))}
        >
          {text.complete}
        </Button>
      )}
      {canStart(intent) && (
        <Button
          icon="play"
          className={className}
          tabIndex={tabIndex}
          onClick={() => void attempt(() => start(intent.id))}
        >
          {text.start}
        </Button>
      )}
      {reopening && canPutBack(intent) && (
        <Button
          icon="again"
          className={className}
          tabIndex={tabIndex}
          onClick={() => void attempt(() => reopen(intent.id))}
        >
          {text.putBack}
        </Button>
      )}
      {reopening && canReopen(intent) && (
        <Button
          icon="again"
          className={className}
          tabIndex={tabIndex}
          onClick={() => void attempt(() => reopen(intent.id))}
        >
          {text.reopen}
        </Button>
      )}
    </>
  );
}
