import { useCallback, useEffect, useRef, useState } from "react";
import type { EventKind, ProjectStateQuery } from "@/gql/graphql";
import { eventFeed, useFeed } from "@/lib/feed";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
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
  const [state, setState] = useState<ProjectStateQuery | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [times, setTimes] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    let current = true;
    request(ProjectState, { id }).then(
      (data) => {
        if (!current) return;
        setState(data);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [request, id, times]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  const reload = useCallback(() => setTimes((now) => now + 1), []);
  const reloadSoon = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, SETTLE_MS);
  };
  useFeed(eventFeed(KINDS, reloadSoon, id), reload);
  return { state, failure, reload };
}
