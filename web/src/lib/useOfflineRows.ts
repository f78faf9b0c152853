import { useEffect } from "react";
import type { Collection, Entity } from "@/lib/collection";
import { cacheRows, readCachedRows } from "@/lib/offlineCache";
import { useDisconnected } from "@/lib/socketContext";

/** Where the rows of a list are cached; `oldestFirst` when the newest rows are at the end. */
export type CacheOptions = { key: string; oldestFirst?: boolean };

const WRITE_DELAY_MS = 1_000;

/** Caches the rows of a list in the browser, and restores them while the server cannot be reached. */
export function useOfflineRows<T extends Entity>(collection: Collection<T>, cache: CacheOptions | undefined) {
  const key = cache?.key;
  const oldestFirst = cache?.oldestFirst ?? false;
  const disconnected = useDisconnected();
  useEffect(() => {
    if (!disconnected || key === undefined) return;
    let current = true;
    void readCachedRows<T>(key).then((rows) => {
      if (current) collection.restore(rows);
    });
    return () => {
      current = false;
    };
  }, [collection, key, disconnected]);
  useEffect(() => {
    if (key === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let delay = 0;
    const write = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      delay = WRITE_DELAY_MS;
      void cacheRows(key, collection.getSnapshot(), oldestFirst);
    };
    const schedule = () => {
      // Before the list has been read, a single row must not replace all cached rows.
      if (collection.isRead) timer ??= setTimeout(write, delay);
    };
    schedule();
    const stop = collection.subscribe(schedule);
    addEventListener("pagehide", write);
    return () => {
      stop();
      removeEventListener("pagehide", write);
      write();
    };
  }, [collection, key, oldestFirst]);
}
