import type { IntentOrder, IntentStatus } from "@/gql/graphql";

// The board and the early script, which gets a copy of this file, request the same pages.

/** In the order of the life cycle. */
export const openStatuses: readonly IntentStatus[] = ["AWAITING_CONFIRMATION", "PENDING", "PROCESSING"];
export const endedStatuses: readonly IntentStatus[] = ["COMPLETED", "FAILED", "CANCELLED"];
export const intentStatuses: readonly IntentStatus[] = [...openStatuses, ...endedStatuses];

/** The columns of the board that a new reader does not see. */
export const hiddenStatuses: readonly IntentStatus[] = ["CANCELLED"];

/** The orders that the server knows. */
export const serverOrders: readonly IntentOrder[] = ["NEWEST", "OLDEST", "DUE", "PRIORITY"];

/** The number of cards that a column reads at a time. */
export const CARDS_PER_PAGE = 25;
