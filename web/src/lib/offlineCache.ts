import { readStorage, writeStorage } from "@/lib/storage";

/**
 * Caches rows in IndexedDB, to show them without the server: per user, limited in size, cleared on sign-out. Drafts and
 * settings are not here but in `storage`.
 */
const DATABASE = "resonant";
const ROWS = "rows";
const BY_AGE = "at";
const OWNER = "resonant.cacheOwner";
const MAX_ROWS = 100;
const MAX_CHARACTERS = 500_000;
const MAX_CONVERSATIONS = 20;
const CONVERSATION = "messages/";

type Entry = { key: string; at: number; rows: readonly unknown[] };

export const messagesCacheKey = (conversationId: string) => `${CONVERSATION}${conversationId}`;

declare const SCHEMA_HASH: string;

/** The owner of the cached rows, if they are of this version of the API. */
function storedOwner(): string | null {
  const owner = readStorage(OWNER);
  return owner?.startsWith(`${SCHEMA_HASH}:`) ? owner : null;
}

let resolveOwner: (owner: string) => void = () => undefined;
const ownerKnown = new Promise<string>((resolve) => {
  resolveOwner = resolve;
});
let opening: Promise<IDBDatabase | null> | undefined;
let cleared = false;

/** Caches for this user from now on; rows of other users and versions are deleted with the next write. */
export function setCacheOwner(userId: string) {
  const owner = `${SCHEMA_HASH}:${userId}`;
  cleared = false;
  if (readStorage(OWNER) !== owner) writeStorage(OWNER, owner);
  resolveOwner(owner);
}

/** Caches the newest of the rows; `oldestFirst` when they are ordered from old to new. */
export async function cacheRows(name: string, rows: readonly object[], oldestFirst = false): Promise<void> {
  const owner = storedOwner() ?? (await ownerKnown);
  if (cleared) return;
  const entry: Entry = { key: keyOf(owner, name), at: Date.now(), rows: newest(rows, oldestFirst) };
  await transact("readwrite", (store) => {
    store.put(entry);
    store.index(BY_AGE).getAllKeys().onsuccess = ({ target }) => {
      const keys = (target as IDBRequest<string[]>).result;
      for (const key of expiredKeys(keys, owner)) store.delete(key);
    };
  });
}

/** The cached rows of this name; empty when there are none. */
export async function readCachedRows<T>(name: string): Promise<readonly T[]> {
  const owner = storedOwner();
  if (owner === null) return [];
  let found: IDBRequest<Entry | undefined> | undefined;
  await transact("readonly", (store) => (found = store.get(keyOf(owner, name)) as IDBRequest<Entry | undefined>));
  return (found?.result?.rows ?? []) as readonly T[];
}

/** Deletes all cached rows; nothing is cached until `setCacheOwner` is called again. */
export async function clearOfflineCache(): Promise<void> {
  cleared = true;
  writeStorage(OWNER, null);
  await transact("readwrite", (store) => store.clear());
}

const keyOf = (owner: string, name: string) => `${owner}/${name}`;

/** As many of the newest rows as the limits allow, in their order. */
export function newest(rows: readonly object[], oldestFirst: boolean): readonly object[] {
  const newestRows: object[] = [];
  let characters = 0;
  for (const row of (oldestFirst ? rows.toReversed() : rows).slice(0, MAX_ROWS)) {
    characters += JSON.stringify(row).length;
    if (characters > MAX_CHARACTERS) break;
    newestRows.push(row);
  }
  return oldestFirst ? newestRows.reverse() : newestRows;
}

/** The keys to delete, given all keys from old to new: those of other users, and conversations beyond the limit. */
export function expiredKeys(keys: readonly string[], owner: string): readonly string[] {
  const own = keyOf(owner, "");
  const conversations = keys.filter((key) => key.startsWith(own + CONVERSATION));
  return [
    ...keys.filter((key) => !key.startsWith(own)),
    ...conversations.slice(0, Math.max(0, conversations.length - MAX_CONVERSATIONS)),
  ];
}

/** Runs a transaction; resolves when it has finished or failed, because the cache is optional. */
async function transact(mode: IDBTransactionMode, step: (store: IDBObjectStore) => unknown): Promise<void> {
  const database = await (opening ??= open());
  if (!database) return;
  await new Promise<void>((resolve) => {
    try {
      const transaction = database.transaction(ROWS, mode);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => {
        console.warn("The offline cache could not be written.", transaction.error);
        resolve();
      };
      step(transaction.objectStore(ROWS));
    } catch (error) {
      // Another window may have closed the database, for example to upgrade it.
      console.warn("The offline cache could not be written.", error);
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
