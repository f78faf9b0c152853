import type { DecisionKind } from "@/gql/graphql";
import type { Decision } from "./useDecisions";

export type DraftOption = { label: string; reason: string };

/** The fields of the form; `chosen` is the position of the chosen option. */
export type Draft = {
  kind: DecisionKind;
  title: string;
  topic: string;
  value: string;
  options: readonly DraftOption[];
  chosen: number | null;
  rationale: string;
  context: string;
  consequences: string;
  tags: string;
  supersedes: string;
  proposed: boolean;
};

/** The draft of an edit, or of a new decision on the topic of the one that it replaces. */
export function toDraft(decision: Decision | null, replaced: Decision | null): Draft {
  const known = decision ?? replaced;
  const chosen = decision?.options.findIndex(({ id }) => id === decision.chosen?.id) ?? -1;
  return {
    kind: known?.kind ?? "CHOICE",
    title: decision?.title ?? "",
    topic: known?.topic ?? "",
    value: decision?.value ?? "",
    options:
      known?.options.map(({ label, rejectionReason }) => ({
        label,
        reason: decision ? (rejectionReason ?? "") : "",
      })) ?? [],
    chosen: chosen < 0 ? null : chosen,
    rationale: decision?.rationale ?? "",
    context: decision?.context ?? "",
    consequences: decision?.consequences ?? "",
    tags: known?.tags.join(", ") ?? "",
    supersedes: replaced?.id ?? "",
    proposed: false,
  };
}

/** The options that are filled in; the chosen one has no reason against it. */
export function toOptions(options: readonly DraftOption[], chosen: number | null) {
  return options
    .map(({ label, reason }, place) => ({
      label: label.trim(),
      rejectionReason: place === chosen ? null : reason.trim() || null,
    }))
    .filter(({ label }) => label !== "");
}
