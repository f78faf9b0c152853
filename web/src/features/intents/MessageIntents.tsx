import { useText } from "@/lib/language";
import { StatusIcon, useStatusNames } from "./StatusBadge";
import { type Intent, useIntents } from "./useIntents";

type OpenProps = { onOpen: (intentId: string) => void };
type MessageIntentsProps = OpenProps & {
  messageId: string;
  /** The intents that are shown with an action. */
  except: ReadonlySet<string>;
};

/** The intents that were created from a message, as chips with their status. */
export function MessageIntents({ messageId, except, onOpen }: MessageIntentsProps) {
  const text = useText();
  const { intents } = useIntents();
  const raised = intents.filter(({ id, sourceMessage }) => sourceMessage?.id === messageId && !except.has(id));
  if (raised.length === 0) return null;
  return (
    <ul aria-label={text.intents.raised} className="mt-1.5 flex max-w-[88%] flex-col items-end gap-1">
      {raised.toReversed().map((intent) => (
        <li key={intent.id} className="max-w-full animate-rise">
          <Chip intent={intent} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

function Chip({ intent, onOpen }: OpenProps & { intent: Intent }) {
  const text = useText();
  const names = useStatusNames(intent);
  return (
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
      <span className="shrink-0 text-faint">{names[intent.status]}</span>
    </button>
  );
}

/** The current status of the intent of an action, as a button that shows the intent; nothing for other subjects. */
export function IntentState({ id, onOpen }: OpenProps & { id: string }) {
  const text = useText();
  const { intents } = useIntents();
  const intent = intents.find((each) => each.id === id);
  const names = useStatusNames(intent ?? { assignee: "ASSISTANT" });
  if (!intent) return null;
  return (
    <button
      type="button"
      title={text.intents.open}
      onClick={() => onOpen(id)}
      className="inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-full border border-line px-2.5 hover:bg-hover"
    >
      <StatusIcon status={intent.status} assignee={intent.assignee} />
      {names[intent.status]}
    </button>
  );
}
