import { useSyncExternalStore } from "react";

type Entity = { id: string; updatedAt?: string };

// An event or the answer to a change may come after the removal, too, by another way, if not much later.
const LATELY_REMOVED = 1_000;

/** A moment in the life of a collection, for telling what was asked before what. */
export type Asked = number;

/** Live rows by id, in order. An answer that was overtaken by an event never brings an older state back. */
export class Collection<T extends Entity> {
  private readonly rows = new Map<string, T>();
  private readonly askedAt = new Map<string, Asked>();
  private moment: Asked = 0;
  private readonly underWay = new Set<Asked>();
  private readonly removed = new Map<string, Asked>();
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
    return this.rows.get(id);
  }

  /** Whether the list itself has been read, and not only rows of it that were needed. */
  get isRead(): boolean {
    return this.read;
  }

  /** Shows rows from an earlier visit. Any answer is newer, and a list that is read drops those that it does not have. */
  recall(rows: readonly T[]) {
    const unknown = rows.filter(({ id }) => !this.rows.has(id) && !this.removed.has(id));
    for (const row of unknown) this.rows.set(row.id, row);
    if (unknown.length > 0) this.publish();
  }

  /**
   * Asks for something: `work` gives the moment that it is told to `take` or `reconcile`, with the answer. What is removed
   * meanwhile is remembered until the work is done, so that no answer brings it back.
   */
  async ask<Result>(work: (asked: Asked) => Promise<Result>): Promise<Result> {
    const asked = this.next();
    this.underWay.add(asked);
    try {
      return await work(asked);
    } finally {
      this.underWay.delete(asked);
      this.forget();
    }
  }

  /** Takes in what is as new as can be, for example what an event brings. */
  upsert(...rows: readonly T[]) {
    this.take(this.next(), rows);
  }

  /** Takes in an answer, but for rows that have changed since it was asked for. */
  take(asked: Asked, rows: readonly T[]) {
    if (this.accept(asked, rows)) this.publish();
  }

  remove(...ids: readonly string[]) {
    for (const id of ids) {
      this.removed.delete(id); // so that the latest stands last
      this.removed.set(id, this.moment);
      this.drop(id);
    }
    this.forget();
    this.publish();
  }

  /**
   * Takes a freshly read page as the truth for the rows that `covers` says it would have shown. What came or changed
   * since the page was asked for says nothing by being absent.
   */
  reconcile(asked: Asked, page: readonly T[], covers: (row: T) => boolean) {
    const ids = new Set(page.map((row) => row.id));
    for (const row of this.snapshot) {
      const since = this.askedAt.get(row.id);
      const goes = since === undefined || (since < asked && covers(row));
      if (!ids.has(row.id) && goes) this.drop(row.id);
    }
    this.read = true;
    this.accept(asked, page);
    this.publish();
  }

  /** Whether any of the rows was newer than what is held. */
  private accept(asked: Asked, rows: readonly T[]): boolean {
    const newer = rows.filter((row) => !this.removed.has(row.id) && !this.isOvertaken(row, asked));
    for (const row of newer) {
      this.rows.set(row.id, row);
      this.askedAt.set(row.id, asked);
    }
    return newer.length > 0;
  }

  private next(): Asked {
    this.moment += 1;
    return this.moment;
  }

  /** Lets go of what was removed before anything that is under way was asked for, but for the latest. */
  private forget() {
    const [oldest = Infinity] = this.underWay;
    for (const [id, at] of this.removed) {
      if (this.removed.size <= LATELY_REMOVED || at >= oldest) return;
      this.removed.delete(id);
    }
  }

  private drop(id: string) {
    this.rows.delete(id);
    this.askedAt.delete(id);
  }

  private isOvertaken(row: T, asked: Asked): boolean {
    const held = this.rows.get(row.id);
    if (!held) return false;
    // Some changes leave `updatedAt` alone, and some rows have none: then the later question has the newer answer.
    return (age(row, held) || asked - (this.askedAt.get(row.id) ?? 0)) < 0;
  }

  private publish() {
    this.snapshot = [...this.rows.values()].sort(this.order);
    for (const listener of [...this.listeners]) listener();
  }
}

export function useCollection<T extends Entity>(collection: Collection<T>): readonly T[] {
  return useSyncExternalStore(collection.subscribe, collection.getSnapshot);
}

/** uuidv7 ids sort in the order of creation. */
export const oldestFirst = (a: Entity, b: Entity) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
export const newestFirst = (a: Entity, b: Entity) => oldestFirst(b, a);

/** Below zero when `row` changed before `held`, above when later, zero when they do not tell. */
function age(row: Entity, held: Entity): number {
  const [at, heldAt] = [row.updatedAt, held.updatedAt];
  if (at === undefined || heldAt === undefined || at === heldAt) return 0;
  // The server writes microseconds, which Date drops; text of one format compares whole.
  if (at.length === heldAt.length) return at < heldAt ? -1 : 1;
  return Date.parse(at) - Date.parse(heldAt);
}
