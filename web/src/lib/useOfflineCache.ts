import { useEffect } from "react";
import type { Collection } from "@/lib/collection";
import { cacheRows, readCachedRows } from "@/lib/offlineCache";
import { useDisconnected } from "@/lib/socketContext";

type Entity = { id: string; updatedAt?: string };

const SETTLE_MS = 1_000;

/** Keeps what is read of a list, and shows what was kept while the server is out of reach. */
export function useOfflineCache<T extends Entity>(collection: Collection<T>, name: string, oldestFirst = false) {
  const disconnected = useDisconnected();
  useEffect(() => {
    if (!disconnected) return;
    let current = true;
    void readCachedRows<T>(name).then((rows) => {
      if (current) collection.recall(rows);
    });
    return () => {
      current = false;
    };
  }, [collection, name, disconnected]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = 0;
    const keep = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      pause = SETTLE_MS;
      void cacheRows(name, collection.getSnapshot(), oldestFirst);
    };
    const later = () => {
      // Before the list has been read, a row that happens to be known must not take the place of all that was kept.
      if (collection.isRead) timer ??= setTimeout(keep, pause);
    };
    later();
    const stop = collection.subscribe(later);
    addEventListener("pagehide", keep);
    return () => {
      stop();
      removeEventListener("pagehide", keep);
      keep();
    };
  }, [collection, name, oldestFirst]);
}
