import { useCallback, useEffect } from "react";
import type { EventKind } from "@/gql/graphql";
import { useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { useLiveValue } from "@/lib/useLiveValue";
import { readerZone } from "@/lib/zone";
import { Overview } from "./documents";

const SETTLE_MS = 1_500;
const KINDS: readonly EventKind[] = [
  "INTENT_CREATED",
  "INTENT_UPDATED",
  "INTENT_DELETED",
  "MESSAGE_CREATED",
  "MESSAGE_UPDATED",
];

/** The numbers of the chosen project in the last days, today last; read again shortly after an event. */
export function useOverview(days: number) {
  const projectId = useProjectId();
  const request = useRequest();
  const read = useCallback(
    async () => (await request(Overview, { projectId, days, timezone: readerZone() })).overview,
    [request, projectId, days],
  );
  const { value: figures, failure, reload } = useLiveValue({ read, kinds: KINDS, settleMs: SETTLE_MS, projectId });
  const midnight = figures?.at(-1)?.end;
  useEffect(() => {
    if (!midnight) return;
    const next = setTimeout(reload, Math.max(SETTLE_MS, Date.parse(midnight) - Date.now()));
    return () => clearTimeout(next);
  }, [midnight, reload]);
  return { figures, failure, reload };
}
