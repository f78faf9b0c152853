import type { IntentOrder } from "@/gql/graphql";
import { serverOrders } from "@/lib/boardPages";
import { midnightIn } from "@/lib/dates";
import { type Intent, isOfPerson, isOpen } from "./useIntents";

export type Order = IntentOrder | "LABEL" | "ASSIGNEE";
export type Grouping = "NONE" | "DUE" | "PRIORITY" | "LABEL" | "ASSIGNEE";
export type DueGroup = "OVERDUE" | "TODAY" | "TOMORROW" | "WEEK" | "LATER" | "PAST" | "NONE";

export const orders: readonly Order[] = [...serverOrders, "LABEL", "ASSIGNEE"];
export const groupings: readonly Grouping[] = ["NONE", "DUE", "PRIORITY", "LABEL", "ASSIGNEE"];
const dueGroups: readonly DueGroup[] = ["OVERDUE", "TODAY", "TOMORROW", "WEEK", "LATER", "NONE", "PAST"];

/** A heading of a list, or an intent in it. An intent with several labels is in the group of each of them. */
export type Entry =
  | { kind: "group"; key: string; by: Grouping; value: string; count: number }
  | { kind: "intent"; key: string; intent: Intent };

/** The order in which pages are read; null when only all rows together can be ordered. */
export function readingOrder(order: Order, grouping: Grouping): IntentOrder | null {
  if (grouping === "DUE" || grouping === "PRIORITY") return grouping;
  if (grouping !== "NONE") return null;
  return order === "LABEL" || order === "ASSIGNEE" ? null : order;
}

const byId = (a: Intent, b: Intent) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
const firstLabel = ({ labels }: Intent) => labels.toSorted((a, b) => a.localeCompare(b))[0] ?? null;

/** Null comes last. */
function compare(a: string | null | undefined, b: string | null | undefined): number {
  if (a == null || b == null) return a == null ? (b == null ? 0 : 1) : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const comparisons: Record<Order, (a: Intent, b: Intent) => number> = {
  NEWEST: byId,
  OLDEST: (a, b) => byId(b, a),
  PRIORITY: (a, b) => b.priority - a.priority || byId(a, b),
  DUE: (a, b) => compareTimes(a.dueAt, b.dueAt) || byId(b, a),
  LABEL: (a, b) => compare(firstLabel(a), firstLabel(b)) || byId(a, b),
  ASSIGNEE: (a, b) => Number(isOfPerson(b)) - Number(isOfPerson(a)) || byId(a, b),
};

export function inOrder(order: Order): (a: Intent, b: Intent) => number {
  return comparisons[order];
}

function compareTimes(a: string | null | undefined, b: string | null | undefined): number {
  if (a == null || b == null) return compare(a, b);
  // Texts of one format compare exactly; the server may leave the fraction out.
  return a.length === b.length ? compare(a, b) : Date.parse(a) - Date.parse(b);
}

/** The heading for a due time, in days of the reader's time zone. */
export function dueGroupOf({ dueAt }: Intent, open: boolean, now: Date): DueGroup {
  if (dueAt == null) return "NONE";
  const due = new Date(dueAt);
  if (due < now) return open ? "OVERDUE" : "PAST";
  if (due < midnightIn(1, now)) return "TODAY";
  if (due < midnightIn(2, now)) return "TOMORROW";
  return due < midnightIn(7, now) ? "WEEK" : "LATER";
}

/** The intents in their order, with headings. */
export function arrange(intents: readonly Intent[], order: Order, grouping: Grouping, now: Date): Entry[] {
  const sorted = intents.toSorted(inOrder(order));
  if (grouping === "NONE") return sorted.map((intent) => ({ kind: "intent", key: intent.id, intent }));
  const groups = new Map<string, Intent[]>();
  for (const intent of sorted)
    for (const value of valuesOf(intent, grouping, now)) {
      const group = groups.get(value);
      if (group) group.push(intent);
      else groups.set(value, [intent]);
    }
  return [...groups.entries()]
    .sort(([a], [b]) => compareValues(grouping, a, b))
    .flatMap(([value, rows]): Entry[] => [
      { kind: "group", key: `group ${value}`, by: grouping, value, count: rows.length },
      ...rows.map((intent): Entry => ({ kind: "intent", key: `${value} ${intent.id}`, intent })),
    ]);
}

function valuesOf(intent: Intent, grouping: Grouping, now: Date): readonly string[] {
  if (grouping === "DUE") return [dueGroupOf(intent, isOpen(intent), now)];
  if (grouping === "PRIORITY") return [String(intent.priority)];
  if (grouping === "ASSIGNEE") return [intent.assignee];
  return intent.labels.length > 0 ? intent.labels : [""];
}

function compareValues(grouping: Grouping, a: string, b: string): number {
  if (grouping === "DUE") return dueGroups.indexOf(a as DueGroup) - dueGroups.indexOf(b as DueGroup);
  if (grouping === "PRIORITY") return Number(b) - Number(a);
  if (grouping === "ASSIGNEE") return b.localeCompare(a); // PERSON first
  return a === "" || b === "" ? Number(a === "") - Number(b === "") : a.localeCompare(b);
}
