import { useSyncExternalStore } from "react";

type Entity = { id: string; updatedAt?: string };

/** Live rows by id, in order. An answer that was overtaken by an event never brings an older state back. */
export class Collection<T extends Entity> {
  private readonly rows = new Map<string, T>();
  private readonly removed = new Set<string>();
  private readonly listeners = new Set<() => void>();
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

  upsert(...rows: readonly T[]) {
    let changed = false;
    for (const row of rows) {
      const held = this.rows.get(row.id);
      if (this.removed.has(row.id) || (held && isOlder(row, held))) continue;
      this.rows.set(row.id, row);
      changed = true;
    }
    if (changed) this.publish();
  }

  remove(...ids: readonly string[]) {
    for (const id of ids) {
      this.removed.add(id);
      this.rows.delete(id);
    }
    this.publish();
  }

  /** Takes a freshly read page as the truth for the rows that `covers` says it would have shown. */
  reconcile(page: readonly T[], covers: (row: T) => boolean) {
    const ids = new Set(page.map((row) => row.id));
    for (const row of this.rows.values()) {
      if (!ids.has(row.id) && covers(row)) this.rows.delete(row.id);
    }
    this.upsert(...page);
    this.publish();
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

function isOlder(row: Entity, held: Entity): boolean {
  if (row.updatedAt === undefined || held.updatedAt === undefined) return false;
  // The server writes microseconds, which Date drops; text of one format compares whole.
  return row.updatedAt.length === held.updatedAt.length
    ? row.updatedAt < held.updatedAt
    : Date.parse(row.updatedAt) < Date.parse(held.updatedAt);
}
