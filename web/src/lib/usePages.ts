import { useCallback, useEffect, useEffectEvent, useState } from "react";
import type { Collection } from "@/lib/collection";
import { useConnection } from "@/lib/socketContext";
import { type RequestFailure, toFailure } from "@/lib/request";

type Entity = { id: string; updatedAt?: string };
type Connection<T> = {
  edges: readonly { node: T }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
};
/** What the last answer said, and of which scope. */
type State = { scope: string | null; failure: RequestFailure | null; next: string | null };
type Wanted = { scope: string; after: string | null; times: number };

export type Pages = {
  loading: boolean;
  failure: RequestFailure | null;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
};

type Options<T> = {
  read: (after: string | null) => Promise<Connection<T>>;
  /** Whether a row that was known before belongs into what `read` lists, so that its absence means that it is gone. */
  lists: (row: T) => boolean;
  /** Reads again from the beginning when this changes, for example the filter. */
  scope: string;
};

/** Reads a list, newest first, page by page into a collection that events keep true. */
export function usePages<T extends Entity>(collection: Collection<T>, { read, lists, scope }: Options<T>): Pages {
  const [state, setState] = useState<State>({ scope: null, failure: null, next: null });
  const [wanted, setWanted] = useState<Wanted>({ scope, after: null, times: 0 });
  // A place in another list says nothing of this one.
  const after = wanted.scope === scope ? wanted.after : null;

  const load = useEffectEvent((current: () => boolean) =>
    collection.ask(async (asked) => {
      try {
        const { edges, pageInfo } = await read(after);
        const rows = edges.map((edge) => edge.node);
        const last = pageInfo.hasNextPage ? rows.at(-1) : undefined;
        if (after === null) collection.reconcile(asked, rows, (row) => lists(row) && (!last || row.id >= last.id));
        else collection.take(asked, rows);
        if (!current()) return;
        setState({ scope, failure: null, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null });
      } catch (error) {
        if (current()) setState((now) => ({ ...now, scope, failure: toFailure(error) }));
      }
    }),
  );
  useEffect(() => {
    let isCurrent = true;
    void load(() => isCurrent);
    return () => {
      isCurrent = false;
    };
  }, [wanted, scope]);

  const connected = useConnection() === "connected";
  const retry = useEffectEvent(() => {
    if (state.failure) setWanted(({ times }) => ({ scope, after: null, times: times + 1 }));
  });
  useEffect(() => {
    if (connected) retry();
  }, [connected]);
  const reload = useCallback(() => setWanted(({ times }) => ({ scope, after: null, times: times + 1 })), [scope]);
  const answered = state.scope === scope;
  const next = answered ? state.next : null;
  return {
    loading: !answered,
    failure: answered ? state.failure : null,
    hasMore: next !== null,
    loadMore: () => setWanted(({ times }) => ({ scope, after: next, times: times + 1 })),
    reload,
  };
}
