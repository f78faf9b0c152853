import { useText } from "@/lib/language";
import { StatusIcon } from "./StatusBadge";
import { useIntents } from "./useIntents";

type MessageIntentsProps = { messageId: string; onOpen: (intentId: string) => void };

/** The intents that were created from a message, as chips with their status. */
export function MessageIntents({ messageId, onOpen }: MessageIntentsProps) {
  const text = useText();
  const { intents } = useIntents();
  const raised = intents.filter((intent) => intent.sourceMessage?.id === messageId).toReversed();
  if (raised.length === 0) return null;
  return (
    <ul aria-label={text.intents.raised} className="mt-1.5 flex max-w-[88%] flex-col items-end gap-1">
      {raised.map((intent) => (
        <li key={intent.id} className="max-w-full animate-rise">
          <button
            type="button"
            onClick={() => onOpen(intent.id)}
            className="flex min-h-8 max-w-full items-center gap-2 rounded-full border border-line px-3 py-1 text-xs hover:bg-hover"
          >
            <StatusIcon status={intent.status} assignee={intent.assignee} />
            <span className="shrink-0 text-soft">
              {intent.intentType ? text.intents.types[intent.intentType] : text.intents.title}
            </span>
            <span className="truncate">{intent.description}</span>
            <span className="shrink-0 text-faint">{text.intents.status[intent.status]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
