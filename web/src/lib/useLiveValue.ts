import { useCallback, useEffect, useRef, useState } from "react";
import type { EventKind } from "@/gql/graphql";
import { eventFeed, useFeed } from "@/lib/feed";
import { type RequestFailure, toFailure } from "@/lib/request";

type Options<T> = {
  /** The same function in each render; when it changes, the value is read with the new one. */
  read: () => Promise<T>;
  kinds: readonly EventKind[];
  /** How long after an event the value is read again; further events of this time are covered by the same read. */
  settleMs: number;
  /** The project of the events; null for all projects. */
  projectId?: string | null;
};

/**
 * A value that stays up to date: it is read when the feed of its events starts, and again shortly after an event. The
 * last value is kept meanwhile; null before the first one.
 */
export function useLiveValue<T>({ read, kinds, settleMs, projectId = null }: Options<T>) {
  const [value, setValue] = useState<T | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [reads, setReads] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (reads === 0) return; // the feed has not started
    let current = true;
    read().then(
      (next) => {
        if (!current) return;
        setValue(next);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [read, reads]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const reload = useCallback(() => setReads((now) => now + 1), []);
  const reloadSoon = () => {
    // A running timer is kept, so the value follows even when events never pause.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, settleMs);
  };
  useFeed(eventFeed(kinds, reloadSoon, projectId), reload);
  return { value, failure, reload };
}
