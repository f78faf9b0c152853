import { useEffect, useState } from "react";
import { useRequest } from "@/lib/request";
import { IntentTotal } from "./documents";
import type { IntentFilter } from "./useIntentPages";

const PAUSE_MS = 600;

/** How many intents match, also those that were not read; null while unknown. `read` is the number of rows that were. */
export function useTotal({ statuses, type, assignee, label, words }: IntentFilter, hasMore: boolean, read: number) {
  const request = useRequest();
  const scope = JSON.stringify([statuses, type, assignee, label]);
  const [total, setTotal] = useState<{ scope: string; count: number } | null>(null);
  const counts = hasMore && words === "";
  useEffect(() => {
    if (!counts) return;
    let current = true;
    const timer = setTimeout(() => {
      const [status, intentType, who, labels] = [[...statuses], type ? [type] : null, assignee, label ? [label] : null];
      request(IntentTotal, { status, intentType, assignee: who, labels }).then(
        ({ intents }) => current && setTotal({ scope, count: intents.totalCount }),
        // The heading shows the number of rows that were read.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [request, counts, read, scope, statuses, type, assignee, label]);
  if (!hasMore) return read;
  return counts && total?.scope === scope ? Math.max(total.count, read) : null;
}
