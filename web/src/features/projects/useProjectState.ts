import { useCallback } from "react";
import type { EventKind } from "@/gql/graphql";
import { useRequest } from "@/lib/request";
import { useLiveValue } from "@/lib/useLiveValue";
import { ProjectState } from "./documents";

const SETTLE_MS = 500;
const KINDS: readonly EventKind[] = [
  "INTENT_CREATED",
  "INTENT_UPDATED",
  "INTENT_DELETED",
  "DECISION_CREATED",
  "DECISION_UPDATED",
  "DECISION_DELETED",
];

/** What is open, due and decided in a project; read again shortly after an event. */
export function useProjectState(id: string) {
  const request = useRequest();
  const read = useCallback(() => request(ProjectState, { id }), [request, id]);
  return useLiveValue({ read, kinds: KINDS, settleMs: SETTLE_MS, projectId: id });
}
