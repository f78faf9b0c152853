import { inOrder } from "./arrange";
import { type Intent, isOpen } from "./useIntents";

export type Day = {
  answers: readonly Intent[];
  overdue: readonly Intent[];
  today: readonly Intent[];
  progress: readonly Intent[];
};

/** The end of the reader's day. */
export const endOfDay = (now: Date) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);

/** What the day asks for; each intent is in one part only, the first that fits. */
export function dayOf(intents: readonly Intent[], now: Date): Day {
  const end = endOfDay(now);
  const day: Record<keyof Day, Intent[]> = { answers: [], overdue: [], today: [], progress: [] };
  for (const intent of intents.toSorted(inOrder("DUE"))) {
    const due = intent.dueAt == null ? null : new Date(intent.dueAt);
    if (!isOpen(intent)) continue;
    if (intent.status === "AWAITING_CONFIRMATION") day.answers.push(intent);
    else if (due && due < now) day.overdue.push(intent);
    else if (due && due < end) day.today.push(intent);
    else if (intent.status === "PROCESSING") day.progress.push(intent);
  }
  return day;
}
