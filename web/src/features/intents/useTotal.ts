import { useEffect, useState } from "react";
import { useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { IntentTotal } from "./documents";
import { type IntentFilter, variablesOf } from "./useIntentPages";

const PAUSE_MS = 600;

/** How many intents match, also those that were not read; null while unknown. `read` is the number of rows that were. */
export function useTotal(filter: IntentFilter, hasMore: boolean, read: number) {
  const request = useRequest();
  const projectId = useProjectId();
  const scope = JSON.stringify(variablesOf(filter));
  const [total, setTotal] = useState<{ scope: string; count: number } | null>(null);
  const counts = hasMore && filter.words === "";
  useEffect(() => {
    if (!counts) return;
    let current = true;
    const timer = setTimeout(() => {
      request(IntentTotal, { projectId, ...variablesOf(filter) }).then(
        ({ intents }) => current && setTotal({ scope, count: intents.totalCount }),
        // The heading shows the number of rows that were read.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [request, projectId, counts, read, scope, filter]);
  if (!hasMore) return read;
  return counts && total?.scope === scope ? Math.max(total.count, read) : null;
}
