import { describe, expect, it, vi } from "vitest";
import { Collection, newestFirst } from "./collection";

type Row = { id: string; updatedAt: string; name: string };
const row = (id: string, second: number, name = id): Row => ({
  id,
  updatedAt: `2026-01-01T00:00:0${second}.000001+00:00`,
  name,
});

describe("Collection", () => {
  it("keeps rows in order and tells its listeners", () => {
    const rows = new Collection<Row>(newestFirst);
    const listener = vi.fn();
    rows.subscribe(listener);
    rows.upsert(row("a", 1), row("c", 1), row("b", 1));
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("never goes back to a state that an event has overtaken", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 2, "from the event"));
    rows.upsert(row("a", 1, "from the slow answer"));
    expect(rows.get("a")?.name).toBe("from the event");
  });

  it("does not bring back what was deleted while an answer was on its way", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1));
    rows.remove("a");
    rows.upsert(row("a", 1));
    expect(rows.getSnapshot()).toEqual([]);
  });

  it("drops what a freshly read page no longer has, and only what the page covers", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1), row("c", 1));
    rows.reconcile([row("c", 1)], ({ id }) => id >= "b");
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["c", "a"]);
  });
});
