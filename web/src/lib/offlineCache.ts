import { readStorage, writeStorage } from "@/lib/storage";

/**
 * What was read last, kept in this browser so that it can be read without a server: per reader, within a bound, and
 * wiped when the reader signs out. Small things that the reader wrote are not here but with `stored`.
 */
const DATABASE = "resonant";
const ROWS = "rows";
const BY_AGE = "at";
const READER = "resonant.reader";
const MOST_ROWS = 100;
const MOST_CHARACTERS = 500_000;
const MOST_CONVERSATIONS = 20;
const CONVERSATION = "messages/";

type Entry = { key: string; at: number; rows: readonly unknown[] };

export const messagesCacheKey = (conversationId: string) => `${CONVERSATION}${conversationId}`;

let announce: (reader: string) => void = () => undefined;
const announced = new Promise<string>((resolve) => {
  announce = resolve;
});
let opening: Promise<IDBDatabase | null> | undefined;
let wiped = false;

/** From now on it is kept for this reader; what was kept for another goes. */
export function setCacheOwner(reader: string) {
  wiped = false;
  if (readStorage(READER) !== reader) writeStorage(READER, reader);
  announce(reader);
}

/** Keeps the newest of these rows, which stand oldest first when `oldestFirst`. */
export async function cacheRows(name: string, rows: readonly object[], oldestFirst = false): Promise<void> {
  const reader = readStorage(READER) ?? (await announced);
  if (wiped) return;
  const entry: Entry = { key: keyOf(reader, name), at: Date.now(), rows: newest(rows, oldestFirst) };
  await work("readwrite", (store) => {
    store.put(entry);
    store.index(BY_AGE).getAllKeys().onsuccess = ({ target }) => {
      const keys = (target as IDBRequest<string[]>).result;
      for (const key of surplus(keys, reader)) store.delete(key);
    };
  });
}

/** What was read last under this name; nothing where nothing is kept. */
export async function readCachedRows<T>(name: string): Promise<readonly T[]> {
  const reader = readStorage(READER);
  if (reader === null) return [];
  let found: IDBRequest<Entry | undefined> | undefined;
  await work("readonly", (store) => (found = store.get(keyOf(reader, name)) as IDBRequest<Entry | undefined>));
  return (found?.result?.rows ?? []) as readonly T[];
}

/** Forgets all of it; nothing is kept any more until somebody reads again. */
export async function clearOfflineCache(): Promise<void> {
  wiped = true;
  writeStorage(READER, null);
  await work("readwrite", (store) => store.clear());
}

const keyOf = (reader: string, name: string) => `${reader}/${name}`;

/** As many rows as the bound has room for, in the order in which they came. */
export function newest(rows: readonly object[], oldestFirst: boolean): readonly object[] {
  const kept: object[] = [];
  let characters = 0;
  for (const row of (oldestFirst ? rows.toReversed() : rows).slice(0, MOST_ROWS)) {
    characters += JSON.stringify(row).length;
    if (characters > MOST_CHARACTERS) break;
    kept.push(row);
  }
  return oldestFirst ? kept.reverse() : kept;
}

/** Of the keys, oldest first, those that go: other readers', and conversations beyond the bound. */
export function surplus(keys: readonly string[], reader: string): readonly string[] {
  const own = keyOf(reader, "");
  const conversations = keys.filter((key) => key.startsWith(own + CONVERSATION));
  return [
    ...keys.filter((key) => !key.startsWith(own)),
    ...conversations.slice(0, Math.max(0, conversations.length - MOST_CONVERSATIONS)),
  ];
}

/** Resolves once it is done, or cannot be: a browser that keeps nothing goes without. */
async function work(mode: IDBTransactionMode, step: (store: IDBObjectStore) => unknown): Promise<void> {
  const database = await (opening ??= open());
  if (!database) return;
  await new Promise<void>((resolve) => {
    try {
      const transaction = database.transaction(ROWS, mode);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => {
        console.warn("What was read could not be kept.", transaction.error);
        resolve();
      };
      step(transaction.objectStore(ROWS));
    } catch (error) {
      // Another window may have closed the database, for example to make it anew.
      console.warn("What was read could not be kept.", error);
      opening = undefined;
      resolve();
    }
  });
}

function open(): Promise<IDBDatabase | null> {
  if (typeof indexedDB === "undefined") return Promise.resolve(null);
  return new Promise((resolve) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(ROWS, { keyPath: "key" }).createIndex(BY_AGE, "at");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}
