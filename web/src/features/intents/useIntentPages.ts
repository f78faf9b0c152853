import { useCallback } from "react";
import type { IntentOrder, IntentStatus, IntentType } from "@/gql/graphql";
import { foldForSearch } from "@/lib/search";
import { usePages } from "@/lib/usePages";
import { useRequest } from "@/lib/request";
import { IntentList } from "./documents";
import { type Intent, useIntents } from "./useIntents";

export type IntentFilter = {
  statuses: readonly IntentStatus[] | null;
  type: IntentType | null;
  order: IntentOrder;
  words: string;
};

/** The intents that a filter lets through, in its order: read page by page, then kept true by events. */
export function useIntentPages(filter: IntentFilter) {
  const request = useRequest();
  const { collection, intents } = useIntents();
  const { statuses, type, order } = filter;
  const read = useCallback(
    async (after: string | null) => {
      const page = await request(IntentList, {
        after,
        status: statuses ? [...statuses] : null,
        intentType: type ? [type] : null,
        orderBy: order,
      });
      return page.intents;
    },
    [request, statuses, type, order],
  );
  const pages = usePages(collection, {
    read,
    // Only in the order of ids does a page say which ids are missing from it.
    lists: (intent) => order === "NEWEST" && fits(intent, { ...filter, words: "" }),
    scope: JSON.stringify([statuses, type, order]),
  });
  return { ...pages, intents: intents.filter((intent) => fits(intent, filter)).sort(inOrder(order)) };
}

export function fits(intent: Intent, { statuses, type, words }: IntentFilter): boolean {
  return (
    (statuses === null || statuses.includes(intent.status)) &&
    (type === null || intent.intentType === type) &&
    foldForSearch(intent.description).includes(foldForSearch(words))
  );
}

const byId = (a: Intent, b: Intent) => (a.id < b.id ? 1 : -1);

export function inOrder(order: IntentOrder): (a: Intent, b: Intent) => number {
  if (order === "OLDEST") return (a, b) => byId(b, a);
  if (order === "PRIORITY") return (a, b) => b.priority - a.priority || byId(a, b);
  return byId;
}
