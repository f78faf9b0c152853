import { useSyncExternalStore } from "react";

export type Entity = { id: string; updatedAt?: string };

// Events and responses may still mention a row shortly after its removal. This many removed ids are remembered.
const MAX_REMOVED_IDS = 1_000;

/** Numbers requests and changes in the order in which they started. */
export type RequestNumber = number;

/** Rows by id, in order. A response that is older than an event never restores the older state of a row. */
export class Collection<T extends Entity> {
  private readonly rowsById = new Map<string, T>();
  private readonly versions = new Map<string, RequestNumber>();
  private counter: RequestNumber = 0;
  private readonly pending = new Set<RequestNumber>();
  private readonly removed = new Map<string, RequestNumber>();
  private readonly listeners = new Set<() => void>();
  private read = false;
  private readonly order: (a: T, b: T) => number;
  private snapshot: readonly T[] = [];

  constructor(order: (a: T, b: T) => number) {
    this.order = order;
  }

  readonly getSnapshot = (): readonly T[] => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get(id: string): T | undefined {
    return this.rowsById.get(id);
  }

  /** Whether the list itself has been read, not only single rows of it. */
  get isRead(): boolean {
    return this.read;
  }

  /** Adds rows of the offline cache. Every response is newer, and reading the list drops rows that it does not have. */
  restore(rows: readonly T[]) {
    const unknown = rows.filter(({ id }) => !this.rowsById.has(id) && !this.removed.has(id));
    for (const row of unknown) this.rowsById.set(row.id, row);
    if (unknown.length > 0) this.publish();
  }

  /**
   * Runs a request. `work` gets a number to pass to `applyRows` or `replacePage` with the response. Ids that are removed
   * before the response arrives are remembered, so the response does not restore them.
   */
  async request<Result>(work: (number: RequestNumber) => Promise<Result>): Promise<Result> {
    const number = this.next();
    this.pending.add(number);
    try {
      return await work(number);
    } finally {
      this.pending.delete(number);
      this.forgetRemoved();
    }
  }

  /** Applies the newest state of rows, for example from an event. */
  upsert(...rows: readonly T[]) {
    if (this.setNewer(this.next(), rows)) this.publish();
  }

  /** Applies a response, except for rows that changed after its request started. */
  applyRows(number: RequestNumber, rows: readonly T[]) {
    this.reviveRead(number, rows);
    if (this.setNewer(number, rows)) this.publish();
  }

  remove(...ids: readonly string[]) {
    for (const id of ids) {
      this.removed.delete(id); // moves the id to the end of the insertion order
      this.removed.set(id, this.counter);
      this.drop(id);
    }
    this.forgetRemoved();
    this.publish();
  }

  /** Takes rows out of the list that still exist; a later response or event adds them again. */
  hide(...ids: readonly string[]) {
    for (const id of ids) this.drop(id);
    this.publish();
  }

  /** Forgets that rows were removed, because they were restored. */
  revive(...ids: readonly string[]) {
    for (const id of ids) this.removed.delete(id);
  }

  /**
   * Applies a freshly read page: rows that `covers` says the page would contain are dropped when it does not contain
   * them. Rows that were added or changed after the request started are kept.
   */
  replacePage(number: RequestNumber, page: readonly T[], covers: (row: T) => boolean) {
    const ids = new Set(page.map((row) => row.id));
    for (const row of this.snapshot) {
      const version = this.versions.get(row.id);
      const stale = version === undefined || (version < number && covers(row));
      if (!ids.has(row.id) && stale) this.drop(row.id);
    }
    this.read = true;
    this.reviveRead(number, page);
    this.setNewer(number, page);
    this.publish();
  }

  /** Returns whether any of the rows was newer than the one in the collection. */
  private setNewer(number: RequestNumber, rows: readonly T[]): boolean {
    const newer = rows.filter((row) => !this.removed.has(row.id) && !this.isOutdated(row, number));
    for (const row of newer) {
      this.rowsById.set(row.id, row);
      this.versions.set(row.id, number);
    }
    return newer.length > 0;
  }

  /** A response to a request that started after a row was removed has the row only when it was restored. */
  private reviveRead(number: RequestNumber, rows: readonly T[]) {
    for (const { id } of rows) {
      if (number > (this.removed.get(id) ?? Infinity)) this.removed.delete(id);
    }
  }

  private next(): RequestNumber {
    this.counter += 1;
    return this.counter;
  }

  /** Forgets ids that were removed before any pending request started, except for the latest ones. */
  private forgetRemoved() {
    const [oldest = Infinity] = this.pending;
    for (const [id, at] of this.removed) {
      if (this.removed.size <= MAX_REMOVED_IDS || at >= oldest) return;
      this.removed.delete(id);
    }
  }

  private drop(id: string) {
    this.rowsById.delete(id);
    this.versions.delete(id);
  }

  private isOutdated(row: T, number: RequestNumber): boolean {
    const current = this.rowsById.get(row.id);
    if (!current) return false;
    // Some changes do not touch `updatedAt`, and some rows have none: then the later request wins.
    return (compareAge(row, current) || number - (this.versions.get(row.id) ?? 0)) < 0;
  }

  private publish() {
    this.snapshot = [...this.rowsById.values()].sort(this.order);
    for (const listener of [...this.listeners]) listener();
  }
}

export function useRows<T extends Entity>(collection: Collection<T>): readonly T[] {
  return useSyncExternalStore(collection.subscribe, collection.getSnapshot);
}

/** uuidv7 ids sort in the order of creation. */
export const oldestFirst = (a: Entity, b: Entity) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
export const newestFirst = (a: Entity, b: Entity) => oldestFirst(b, a);

/** Below zero when `row` changed before `current`, above zero when after, zero when unknown. */
function compareAge(row: Entity, current: Entity): number {
  const [at, currentAt] = [row.updatedAt, current.updatedAt];
  if (at === undefined || currentAt === undefined || at === currentAt) return 0;
  // The server sends microseconds, which Date drops; texts of one format compare exactly.
  if (at.length === currentAt.length) return at < currentAt ? -1 : 1;
  return Date.parse(at) - Date.parse(currentAt);
}
