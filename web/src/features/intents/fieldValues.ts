import { dueTime } from "@/lib/dates";
import type { Language, Text } from "@/lib/language";
import { repetitionOf } from "@/lib/repetition";
import type { Intent } from "./useIntents";

/** The fields of an intent that have an editor of their own. */
export type Values = Pick<
  Intent,
  "description" | "dueAt" | "recurrence" | "labels" | "priority" | "assignee" | "assigneeId"
>;

/** The value of a field in words. */
export function valueOf(field: keyof Values, intent: Values, language: Language, text: Text["intents"]): string {
  switch (field) {
    case "description":
      return intent.description;
    case "dueAt":
      return intent.dueAt ? dueTime(intent.dueAt, language) : text.noDue;
    case "recurrence":
      return intent.recurrence ? repetitionOf(intent.recurrence, language) : text.repeat.never;
    case "labels":
      return intent.labels.length > 0 ? intent.labels.join(", ") : text.noLabel;
    case "priority":
      return priorityName(intent.priority, text);
    case "assignee":
    case "assigneeId":
      return text.assignees[intent.assignee];
  }
}

function priorityName(priority: number, { priorities }: Text["intents"]): string {
  const name = Object.entries(priorities).find(([each]) => Number(each) === priority)?.[1];
  return name === undefined || priority === 0 ? (name ?? String(priority)) : `${priority} (${name})`;
}
