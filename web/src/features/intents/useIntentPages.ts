import { useEffect, useEffectEvent, useMemo } from "react";
import type { IntentAssignee, IntentOrder, IntentStatus, IntentType } from "@/gql/graphql";
import { foldForSearch } from "@/lib/search";
import { isIn, useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { type Grouping, type Order, readingOrder } from "./arrange";
import { IntentList } from "./documents";
import { type Intent, useIntents, useMarked } from "./useIntents";

export type IntentFilter = {
  statuses: readonly IntentStatus[];
  type: IntentType | null;
  assignee: IntentAssignee | null;
  label: string | null;
  words: string;
};

/** The filter as the variables of a query; the server does not filter by words. */
export const variablesOf = ({ statuses, type, assignee, label }: IntentFilter) => ({
  status: [...statuses],
  intentType: type ? [type] : null,
  assignee,
  labels: label === null ? null : [label],
});

/** The variables of one page. Early requests are recognised by them, so their order matters. */
export const pageVariables = (filter: IntentFilter, first: number, after: string | null, orderBy: IntentOrder) => ({
  first,
  after,
  ...variablesOf(filter),
  orderBy,
});

type Reading = { order: Order; grouping: Grouping; pageSize: number };

// What the server cannot filter or order is read up to this number of rows; more would use up the rate of the viewer.
const MOST_READ_AT_ONCE = 1_000;

/** The intents that match the filter. The provider keeps the collection up to date. */
export function useIntentPages(filter: IntentFilter, { order, grouping, pageSize }: Reading) {
  const request = useRequest();
  const { collection } = useIntents();
  const projectId = useProjectId();
  const { statuses, type, assignee, label, words } = filter;
  const known = readingOrder(order, grouping);
  const orderBy = known ?? "NEWEST";
  const { rows: read, ...list } = useLiveCollection({
    collection,
    readPage: async (after) =>
      pageOf((await request(IntentList, { projectId, ...pageVariables(filter, pageSize, after, orderBy) })).intents),
    // Only a page in the order of ids shows which rows are missing from it.
    includes: (intent) => orderBy === "NEWEST" && isIn(projectId)(intent) && fits(intent, { ...filter, words: "" }),
    scope: JSON.stringify([projectId, statuses, type, assignee, label, orderBy, pageSize]),
  });
  const rows = useMarked(read);
  const intents = useMemo(
    () => rows.filter((row) => isIn(projectId)(row) && fits(row, { statuses, type, assignee, label, words })),
    [rows, projectId, statuses, type, assignee, label, words],
  );
  const { hasMore, loadingMore, failure, loadMore } = list;
  const needsAll = (known === null || words !== "") && intents.length < MOST_READ_AT_ONCE;
  const readOn = useEffectEvent(loadMore);
  useEffect(() => {
    if (needsAll && hasMore && !loadingMore && !failure) readOn();
  }, [needsAll, hasMore, loadingMore, failure, rows]);
  return { ...list, intents };
}

export function fits(intent: Intent, { statuses, type, assignee, label, words }: IntentFilter): boolean {
  return (
    statuses.includes(intent.status) &&
    (type === null || intent.intentType === type) &&
    (assignee === null || intent.assignee === assignee) &&
    (label === null || intent.labels.includes(label)) &&
    (words === "" || foldForSearch(intent.description).includes(foldForSearch(words)))
  );
}
