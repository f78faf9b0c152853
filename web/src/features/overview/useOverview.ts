import { useCallback, useEffect, useRef, useState } from "react";
import { eventFeed, useFeed } from "@/lib/feed";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { readerZone } from "@/lib/zone";
import type { EventKind } from "@/gql/graphql";
import { Overview } from "./documents";
import type { DayFigures } from "./figures";

const SETTLE_MS = 1_500;
const KINDS: readonly EventKind[] = [
  "INTENT_CREATED",
  "INTENT_UPDATED",
  "INTENT_DELETED",
  "MESSAGE_CREATED",
  "MESSAGE_UPDATED",
];

/** The numbers of the last days, today last; read again shortly after an event. */
export function useOverview(days: number) {
  const request = useRequest();
  const [figures, setFigures] = useState<readonly DayFigures[] | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [times, setTimes] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    let current = true;
    request(Overview, { days, timezone: readerZone() }).then(
      ({ overview }) => {
        if (!current) return;
        setFigures(overview);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [request, days, times]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const reload = useCallback(() => setTimes((now) => now + 1), []);
  const reloadSoon = () => {
    // A running timer is kept, so the numbers follow even when events never pause.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, SETTLE_MS);
  };
  useFeed(eventFeed(KINDS, reloadSoon), reload);
  const midnight = figures?.at(-1)?.end;
  useEffect(() => {
    if (!midnight) return;
    const next = setTimeout(reload, Math.max(SETTLE_MS, Date.parse(midnight) - Date.now()));
    return () => clearTimeout(next);
  }, [midnight, reload]);
  return { figures, failure, reload };
}
