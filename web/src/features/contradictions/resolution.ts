import type { ContradictionFieldsFragment, ResolveContradictionInput } from "@/gql/graphql";

export type Of = "intent" | "decision";
export type Resolution = "REJECTED" | "APPROVED" | "MODIFIED";
type Conflicting = ContradictionFieldsFragment["conflictsWithDecision"];

/** What the user entered; `answer` is the new choice or the new value. */
export type Entered = {
  resolution: Resolution;
  rationale: string;
  description: string;
  title: string;
  answer: string;
};

/** Whether the resolution records a new decision, which the user can word. */
export function recordsDecision(of: Of, resolution: Resolution, old: Conflicting): boolean {
  return of === "intent" ? resolution === "APPROVED" && old != null : resolution === "MODIFIED";
}

const NAMES_WANTED = new Set([
  "contradiction.gate_option",
  "contradiction.gate_technology",
  "contradiction.gate_value",
]);

/** What the new record chooses, or its value, when the explanation names it; otherwise empty. */
export function wantedIn(key: string | null | undefined, params: unknown): string {
  const { wanted } = (params ?? {}) as { wanted?: unknown };
  return NAMES_WANTED.has(key ?? "") && typeof wanted === "string" ? wanted : "";
}

/** The input of the mutation. */
export function toInput(id: string, of: Of, old: Conflicting, entered: Entered): ResolveContradictionInput {
  const { resolution } = entered;
  const rationale = entered.rationale.trim();
  return {
    id,
    resolution,
    rationale,
    newDescription: of === "intent" && resolution === "MODIFIED" ? entered.description.trim() : null,
    newDecision: recordsDecision(of, resolution, old) ? newDecision(old, entered, rationale) : null,
  };
}

function newDecision(old: Conflicting, { title, answer }: Entered, rationale: string) {
  const words = { title: title.trim(), topic: old?.topic ?? null, kind: old?.kind ?? null, rationale };
  const given = answer.trim();
  if (given === "") return words;
  if (old?.kind === "VALUE") return { ...words, value: given };
  const replaced =
    old?.chosen && old.chosen.label !== given ? [{ label: old.chosen.label, rejectionReason: rationale }] : [];
  return { ...words, options: [{ label: given }, ...replaced], chosen: given };
}

/** Whether everything that the resolution needs is entered. `words` are the current description. */
export function isComplete(of: Of, old: Conflicting, entered: Entered, words: string): boolean {
  const { resolution, rationale, description, title } = entered;
  if (rationale.trim().length < 10) return false;
  if (of === "intent" && resolution === "MODIFIED") return description.trim() !== "" && description.trim() !== words;
  return !recordsDecision(of, resolution, old) || title.trim() !== "";
}
