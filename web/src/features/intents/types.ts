import type { IntentStatus, IntentType } from "@/gql/graphql";

export const intentTypes: readonly IntentType[] = [
  "QUESTION",
  "TASK",
  "SPECIFICATION",
  "REMEMBER",
  "REMINDER",
  "CODE_EXECUTION",
];

/** In the order in which work moves. */
export const openStatuses: readonly IntentStatus[] = ["AWAITING_CONFIRMATION", "PENDING", "PROCESSING"];
export const endedStatuses: readonly IntentStatus[] = ["COMPLETED", "FAILED", "CANCELLED"];
export const intentStatuses: readonly IntentStatus[] = [...openStatuses, ...endedStatuses];
