import { midnightIn } from "@/lib/dates";
import { inOrder } from "./arrange";
import { type Intent, isOpen } from "./useIntents";

export type Day = {
  answers: readonly Intent[];
  overdue: readonly Intent[];
  today: readonly Intent[];
  progress: readonly Intent[];
};

/** The open intents of the day by part; each one is in the first part that fits. */
export function dayOf(intents: readonly Intent[], now: Date): Day {
  const end = midnightIn(1, now);
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
