import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { EventKind } from "@/gql/graphql";
import { type Collection, type Entity, useRows } from "@/lib/collection";
import { type AppendedEvent, type Feed, type Resumable, eventFeed, useFeed } from "@/lib/feed";
import { backOff, waitToRetry } from "@/lib/liveSocket";
import { type RequestFailure, toFailure } from "@/lib/request";
import { useConnection } from "@/lib/socketContext";
import { type CacheOptions, useOfflineRows } from "@/lib/useOfflineRows";

/** Rows in the order in which they are read, and the cursor of the next page; null on the last page. */
export type Page<T> = { rows: readonly T[]; next: string | null };

type Connection<T> = {
  edges: readonly { node: T }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
};

/** The page of a connection that is read forwards. */
export const pageOf = <T>({ edges, pageInfo }: Connection<T>): Page<T> => ({
  rows: edges.map((edge) => edge.node),
  next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
});

/** "read" reads the event's subject again, "remove" removes it; a function handles the event itself. */
type EventAction = "read" | "remove" | ((event: AppendedEvent) => void);

type Options<T extends Entity, Data, Variables extends Resumable> = {
  collection: Collection<T>;
  readPage: (cursor: string | null) => Promise<Page<T>>;
  /** Reads one row; null when it does not exist. */
  readOne?: (id: string) => Promise<T | null | undefined>;
  /** Identifies the filter: when it changes, the list is read from its first page. */
  scope?: string;
  /** Whether `readPage` lists the row with the current filter. */
  includes?: (row: T) => boolean;
  /** Whether the row belongs before the last row of a page; by default, lists are ordered by id, newest first. */
  precedes?: (row: T, last: T) => boolean;
  /** Keeps the list without gaps: a new first page that shares no row with the list replaces all of it. */
  contiguous?: boolean;
  /** The subscription of the list. */
  feed?: Feed<Data, Variables>;
  /** What to do for events, where the list has no subscription of its own. */
  events?: Partial<Record<EventKind, EventAction>>;
  /** The project of the events; null for all projects. */
  projectId?: string | null;
  /** Keeps the rows in the browser, to show them while the server cannot be reached. */
  cache?: CacheOptions;
};

export type LiveCollection<T> = {
  rows: readonly T[];
  /** The first page of the current filter has not arrived yet. */
  loading: boolean;
  loadingMore: boolean;
  failure: RequestFailure | null;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
  /** Reads one row and keeps it; resolves to null when it does not exist. */
  fetchOne: (id: string) => Promise<T | null>;
  /** Shows a failure that happened next to the list, for example while reading a part of it. */
  reportFailure: (error: unknown) => void;
};

/**
 * A list that stays up to date: it reads pages, follows the list's events from a cursor, resumes after a disconnect,
 * removes duplicates, and shows cached rows while offline.
 *
 * With a feed or events, the first page is read when the feed starts, and again whenever the feed cannot resume.
 */
export function useLiveCollection<T extends Entity, Data = unknown, Variables extends Resumable = Resumable>(
  options: Options<T, Data, Variables>,
): LiveCollection<T> {
  const { collection, readOne, feed, events = {}, cache } = options;
  const rows = useRows(collection);
  useOfflineRows(collection, cache);
  const pages = usePages(options, feed === undefined && options.events === undefined);
  const { reload } = pages;
  const fetchOne = useCallback(
    async (id: string): Promise<T | null> => {
      try {
        return await collection.request(async (number) => {
          const row = (await readOne?.(id)) ?? null;
          if (row) collection.applyRows(number, [row]);
          return row;
        });
      } catch (error) {
        if (toFailure(error).code === "NOT_FOUND") return null;
        throw error;
      }
    },
    [collection, readOne],
  );
  const handle = (event: AppendedEvent) => {
    const action = events[event.kind];
    if (action === "remove") collection.remove(event.subjectId);
    else if (action === "read") fetchOne(event.subjectId).catch(reload);
    else action?.(event);
  };
  useFeed(feed, reload);
  useFeed(eventFeed(Object.keys(events) as EventKind[], handle, options.projectId), reload);
  return { rows, ...pages, fetchOne };
}

/** One page request. Each request is a new object, which identifies it. */
type PageRequest = { scope: string; cursor: string | null };
/** The last finished request with its result, and the filter that it belongs to. */
type Result = {
  request: PageRequest | null;
  scope: string | null;
  failure: RequestFailure | null;
  next: string | null;
};

const always = () => true;
const isNewer = (row: Entity, last: Entity) => row.id >= last.id;

function usePages<T extends Entity, Data, Variables extends Resumable>(
  options: Options<T, Data, Variables>,
  readAtOnce: boolean,
) {
  const { collection, scope = "", includes = always, precedes = isNewer, contiguous = false } = options;
  const [result, setResult] = useState<Result>({ request: null, scope: null, failure: null, next: null });
  const [request, setRequest] = useState<PageRequest | null>(readAtOnce ? { scope, cursor: null } : null);
  const running = useRef<{ again: boolean } | null>(null);
  const failures = useRef(0);
  const cursor = request?.scope === scope ? request.cursor : null;

  const apply = (number: number, page: Page<T>): boolean => {
    const overlaps = page.next === null || page.rows.some(({ id }) => collection.get(id) !== undefined);
    const last = page.next === null ? undefined : page.rows.at(-1);
    if (cursor !== null) collection.applyRows(number, page.rows);
    else if (contiguous && !overlaps) collection.replacePage(number, page.rows, always);
    else collection.replacePage(number, page.rows, (row) => includes(row) && (!last || precedes(row, last)));
    return overlaps;
  };
  const load = useEffectEvent((isCurrent: () => boolean) =>
    collection.request(async (number) => {
      try {
        const page = await options.readPage(cursor);
        const overlaps = apply(number, page);
        failures.current = 0;
        if (!isCurrent()) return;
        setResult((now) => {
          // Reading the first page again must not forget how many pages were read already.
          const keeps = contiguous && cursor === null && overlaps && now.scope === scope && now.next !== null;
          return { request, scope, failure: null, next: keeps ? now.next : page.next };
        });
      } catch (error) {
        const failure = toFailure(error);
        if (cursor !== null) {
          if (isCurrent()) setResult((now) => ({ ...now, failure }));
          // A list that loads more while it is scrolled would otherwise repeat the request without a pause.
          await waitToRetry(backOff(failures.current++));
        }
        if (isCurrent()) setResult((now) => ({ ...now, request, scope, failure }));
      }
    }),
  );
  useEffect(() => {
    if (!request) return;
    let isCurrent = true;
    const run = { again: false };
    if (request.cursor === null || request.scope !== scope) running.current = run;
    void load(() => isCurrent).then(() => {
      if (running.current !== run) return;
      running.current = null;
      if (run.again) setRequest({ scope, cursor: null });
    });
    return () => {
      isCurrent = false;
    };
  }, [request, scope]);

  /** Reads the first page; calls during a read are combined into one further read. */
  const reload = useCallback(() => {
    if (running.current) running.current.again = true;
    else setRequest({ scope, cursor: null });
  }, [scope]);
  const connected = useConnection() === "connected";
  const retry = useEffectEvent(() => {
    if (result.failure) reload();
  });
  useEffect(() => {
    if (connected) retry();
  }, [connected]);

  const finished = result.scope === scope;
  const next = finished ? result.next : null;
  const loadingMore = finished && cursor !== null && result.request !== request;
  const loadMore = useCallback(() => {
    if (next !== null && !loadingMore) setRequest({ scope, cursor: next });
  }, [scope, next, loadingMore]);
  const reportFailure = useCallback(
    (error: unknown) => setResult((now) => ({ ...now, failure: toFailure(error) })),
    [],
  );
  return {
    loading: !finished,
    loadingMore,
    failure: finished ? result.failure : null,
    hasMore: next !== null,
    loadMore,
    reload,
    reportFailure,
  };
}
