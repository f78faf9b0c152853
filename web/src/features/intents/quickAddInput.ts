import type { CreateIntentInput, IntentAssignee } from "@/gql/graphql";
import { readerZone } from "@/lib/zone";
import type { TypedTask } from "./useTypedTask";

/** What the reader changed of what was understood; absent fields stay as they were understood. */
export type Changes = {
  /** Null: the words of the time are part of the text. */
  dueAt?: string | null;
  /** How it repeats from the changed time, when its words said so. */
  recurrence?: string | null;
  assignee?: IntentAssignee;
  withoutPriority?: boolean;
  withoutLabels?: readonly string[];
};

/** Who does a typed item: the reader, except for a reminder, which the assistant sends. */
export function assigneeOf(task: TypedTask | null, changes: Changes): IntentAssignee {
  return changes.assignee ?? task?.assignee ?? (task?.reminder ? "ASSISTANT" : "PERSON");
}

export function dueOf(task: TypedTask | null, changes: Changes): string | null {
  return changes.dueAt === undefined ? (task?.dueAt ?? null) : changes.dueAt;
}

/** The rule belongs to the time that was read with it. */
export function recurrenceOf(task: TypedTask | null, changes: Changes): string | null {
  if (changes.dueAt && changes.recurrence) return changes.recurrence;
  const asRead = changes.dueAt === undefined || (changes.dueAt !== null && changes.dueAt === task?.dueAt);
  return asRead ? (task?.recurrence ?? null) : null;
}

export function labelsOf(task: TypedTask | null, { withoutLabels = [] }: Changes): string[] {
  return task?.labels.filter((label) => !withoutLabels.includes(label)) ?? [];
}

/** The intent that a line describes; the line itself when it was not read. */
export function inputOf(line: string, task: TypedTask | null, changes: Changes): CreateIntentInput {
  const dueAt = dueOf(task, changes);
  const assignee = assigneeOf(task, changes);
  const reminds = task?.reminder === true && dueAt !== null && assignee === "ASSISTANT";
  return {
    description: (changes.dueAt === null ? task?.undated : task?.description) ?? line,
    dueAt,
    recurrence: recurrenceOf(task, changes),
    labels: labelsOf(task, changes),
    priority: changes.withoutPriority ? 0 : (task?.priority ?? 0),
    assignee,
    intentType: reminds ? "REMINDER" : assignee === "PERSON" ? "TASK" : null,
    metadata: { timezone: readerZone() },
  };
}
