import type { IntentStatus, IntentType } from "@/gql/graphql";
import { intentTypeLabels } from "@/gql/intentTypes";

export const intentTypes = Object.keys(intentTypeLabels) as readonly IntentType[];

/** In the order of the life cycle. */
export const openStatuses: readonly IntentStatus[] = ["AWAITING_CONFIRMATION", "PENDING", "PROCESSING"];
export const endedStatuses: readonly IntentStatus[] = ["COMPLETED", "FAILED", "CANCELLED"];
export const intentStatuses: readonly IntentStatus[] = [...openStatuses, ...endedStatuses];
