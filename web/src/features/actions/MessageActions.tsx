import { type ReactNode, useEffect } from "react";
import { useText } from "@/lib/language";
import { ActionRow } from "./ActionRow";
import { isQuiet, useActions } from "./useActions";

type MessageActionsProps = { messageId: string; stateOf: (subjectId: string) => ReactNode };

/** What was done, or is proposed, because of a message. */
export function MessageActions({ messageId, stateOf }: MessageActionsProps) {
  const text = useText();
  const { actions } = useActions();
  const shown = actions.filter(({ message }) => message?.id === messageId).toReversed();
  if (shown.length === 0) return null;
  return (
    <ul aria-label={text.actions.title} className="mt-1.5 flex w-full max-w-[88%] flex-col gap-1">
      {shown.map((action) => (
        <li key={action.id} className="animate-rise">
          <ActionRow action={action} stateOf={stateOf} />
        </li>
      ))}
    </ul>
  );
}

/** The ids of the records that the actions of a message show. */
export function useActionSubjects(messageId: string): ReadonlySet<string> {
  const { actions } = useActions();
  const shown = actions.filter((action) => action.message?.id === messageId && !isQuiet(action));
  return new Set(shown.flatMap(({ subject }) => (subject ? [subject.id] : [])));
}

/** Reads the actions of the open conversation. */
export function useConversationActions(conversationId: string | null) {
  const { loadConversation } = useActions();
  useEffect(() => {
    if (conversationId) loadConversation(conversationId);
  }, [conversationId, loadConversation]);
}
