import type { DecisionStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";

/** Says that a decision is not in force, and why; nothing for an accepted decision and for other records. */
export function DecisionState({ status }: { status: DecisionStatus | undefined }) {
  const { statuses } = useText().decisions;
  if (status === undefined || status === "ACCEPTED") return null;
  return <span className="shrink-0 font-medium text-ember">{statuses[status]}</span>;
}
