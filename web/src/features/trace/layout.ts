import type { EventKind } from "@/gql/graphql";

export type Happened = {
  kind: EventKind;
  subjectId: string;
  causedBy?: string | null;
  payload: unknown;
  createdAt: string;
};

/** A subject of the causal chain: its position in the graph and its last event. */
export type Placed = { id: string; column: number; row: number; last: Happened; at: string };
export type Arrow = { from: Placed; to: Placed };

/**
 * Places the subjects of a causal chain: each one column after its furthest cause, within a column in the order of
 * their first event. A cause outside of the chain has no arrow.
 */
export function layOut(events: readonly Happened[]): { placed: Placed[]; arrows: Arrow[] } {
  const first = new Map<string, Happened>();
  const last = new Map<string, Happened>();
  const causes = new Map<string, Set<string>>();
  for (const event of events) {
    if (!first.has(event.subjectId)) first.set(event.subjectId, event);
    last.set(event.subjectId, event);
    if (event.causedBy) causes.set(event.subjectId, (causes.get(event.subjectId) ?? new Set()).add(event.causedBy));
  }
  const known = (id: string) => [...(causes.get(id) ?? [])].filter((cause) => first.has(cause) && cause !== id);
  const columns = new Map<string, number>();
  const columnOf = (id: string, above: ReadonlySet<string>): number => {
    const found = columns.get(id);
    if (found !== undefined) return found;
    // A cycle is not followed again.
    const inner = new Set(above).add(id);
    const behind = known(id).filter((cause) => !inner.has(cause));
    const column = Math.max(-1, ...behind.map((cause) => columnOf(cause, inner))) + 1;
    columns.set(id, column);
    return column;
  };
  const rows = new Map<number, number>();
  const placed = [...first].map(([id, event]): Placed => {
    const column = columnOf(id, new Set());
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return { id, column, row, last: last.get(id) ?? event, at: event.createdAt };
  });
  const byId = new Map(placed.map((each) => [each.id, each]));
  const arrows = placed.flatMap((to) =>
    known(to.id).flatMap((cause): Arrow[] => {
      const from = byId.get(cause);
      return from && from.column < to.column ? [{ from, to }] : [];
    }),
  );
  return { placed, arrows };
}
