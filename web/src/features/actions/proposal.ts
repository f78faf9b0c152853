import { fromLocalField, toLocalField } from "@/lib/localTime";
import type { Action, Arguments } from "./useActions";

/** An argument that a person can edit; what is `required` cannot be left empty. */
export type ArgumentField = { name: string; kind: "text" | "number" | "time"; required: boolean };

type Proposed = Pick<Action, "tool" | "arguments" | "reasonKey">;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DUE = "dueAt";
// Choices among fixed values, which a wrong text would break.
const FIXED = new Set(["id", "kind", "status", "intentType", "assignee", "recurrence"]);
const REQUIRED = new Set(["title", "description", "content", "reason"]);
const TIMED_TOOLS = new Set(["create_intent", "update_intent"]);
// Why a proposal waits for a time.
const ASKS_FOR_TIME = new Set(["assistant.time_missing", "assistant.time_unread", "assistant.time_past"]);

/** The arguments that a person can edit: texts, numbers and times, and the time that the tool can have. */
export function fieldsOf(proposal: Proposed): ArgumentField[] {
  const given = proposal.arguments as Arguments;
  const fields = Object.entries(given)
    .filter(([name, value]) => !FIXED.has(name) && name !== DUE && ["string", "number"].includes(typeof value))
    .map(([name, value]) => ({ name, kind: kindOf(value as string | number), required: isRequired(name, value) }));
  const timed = given[DUE] != null || TIMED_TOOLS.has(proposal.tool);
  return timed ? [...fields, { name: DUE, kind: "time", required: needsTime(proposal) }] : fields;
}

/** Whether a person has to look at the time before the proposal is accepted. */
export function asksForTime(proposal: Proposed): boolean {
  const given = proposal.arguments as Arguments;
  return ASKS_FOR_TIME.has(proposal.reasonKey ?? "") || (given[DUE] == null && needsTime(proposal));
}

/** A reminder needs a time, and so does work that is moved to a time. */
function needsTime({ tool, arguments: values }: Proposed): boolean {
  const given = values as Arguments;
  if (given.intentType === "REMINDER") return true;
  return tool === "update_intent" && Object.keys(given).every((name) => name === "id" || name === DUE);
}

const kindOf = (value: string | number) =>
  typeof value === "number" ? ("number" as const) : TIME.test(value) ? ("time" as const) : ("text" as const);

const isRequired = (name: string, value: unknown) => typeof value === "number" || REQUIRED.has(name);

/** The value as an input shows it; a time in the reader's time zone. */
export function toInput(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  return TIME.test(value) ? toLocalField(value) : value;
}

/** The arguments that differ from those given; null for one that was emptied. */
export function changes(
  fields: readonly ArgumentField[],
  given: Arguments,
  values: Readonly<Record<string, string>>,
): Arguments {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }) => {
      const value = values[name] ?? "";
      return value === toInput(given[name]) ? [] : [[name, fromInput(kind, value)]];
    }),
  );
}

function fromInput(kind: ArgumentField["kind"], value: string): string | number | null {
  if (value.trim() === "") return null;
  if (kind === "number") return Number(value);
  return kind === "time" ? fromLocalField(value) : value;
}
