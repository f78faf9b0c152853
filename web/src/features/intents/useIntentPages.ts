import type { IntentOrder, IntentStatus, IntentType } from "@/gql/graphql";
import { foldForSearch } from "@/lib/search";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { IntentList } from "./documents";
import { type Intent, useIntents } from "./useIntents";

export type IntentFilter = {
  statuses: readonly IntentStatus[] | null;
  type: IntentType | null;
  order: IntentOrder;
  words: string;
};

/** The intents that match the filter, in its order. The provider keeps the collection up to date. */
export function useIntentPages(filter: IntentFilter) {
  const request = useRequest();
  const { collection } = useIntents();
  const { statuses, type, order } = filter;
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) => {
      const status = statuses ? [...statuses] : null;
      const variables = { after, status, intentType: type ? [type] : null, orderBy: order };
      return pageOf((await request(IntentList, variables)).intents);
    },
    // Only a page in the order of ids shows which rows are missing from it.
    includes: (intent) => order === "NEWEST" && fits(intent, { ...filter, words: "" }),
    scope: JSON.stringify([statuses, type, order]),
  });
  return { ...list, intents: rows.filter((intent) => fits(intent, filter)).sort(inOrder(order)) };
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
