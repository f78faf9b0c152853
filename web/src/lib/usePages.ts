import { useCallback, useEffect, useEffectEvent, useState } from "react";
import type { Collection } from "@/lib/collection";
import { type RequestFailure, toFailure } from "@/lib/request";

type Entity = { id: string; updatedAt?: string };
type Connection<T> = {
  edges: readonly { node: T }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
};
type State = { loading: boolean; failure: RequestFailure | null; next: string | null };

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
  /** Reads again when this changes, for example the filter. */
  scope: string;
};

/** Reads a list, newest first, page by page into a collection that events keep true. */
export function usePages<T extends Entity>(collection: Collection<T>, { read, lists, scope }: Options<T>): Pages {
  const [state, setState] = useState<State>({ loading: true, failure: null, next: null });

  const load = useEffectEvent(async (after: string | null, current: () => boolean) => {
    const known = new Set(collection.getSnapshot().map((row) => row.id));
    try {
      const { edges, pageInfo } = await read(after);
      const rows = edges.map((edge) => edge.node);
      const last = pageInfo.hasNextPage ? rows.at(-1) : undefined;
      if (after === null) {
        collection.reconcile(rows, (row) => known.has(row.id) && lists(row) && (!last || row.id >= last.id));
      } else {
        collection.upsert(...rows);
      }
      if (!current()) return;
      setState({ loading: false, failure: null, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null });
    } catch (error) {
      if (current()) setState((now) => ({ ...now, loading: false, failure: toFailure(error) }));
    }
  });
  const [wanted, setWanted] = useState<{ after: string | null; times: number }>({ after: null, times: 0 });
  useEffect(() => {
    let isCurrent = true;
    void load(wanted.after, () => isCurrent);
    return () => {
      isCurrent = false;
    };
  }, [wanted, scope]);

  const reload = useCallback(() => setWanted(({ times }) => ({ after: null, times: times + 1 })), []);
  const { next } = state;
  return {
    loading: state.loading,
    failure: state.failure,
    hasMore: next !== null,
    loadMore: () => setWanted(({ times }) => ({ after: next, times: times + 1 })),
    reload,
  };
}
