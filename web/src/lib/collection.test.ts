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
    rows.reconcile(rows.asking(), [row("c", 1)], ({ id }) => id >= "b");
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["c", "a"]);
  });

  it("tells its listeners of a freshly read page once", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1));
    const shown: string[][] = [];
    rows.subscribe(() => shown.push(rows.getSnapshot().map(({ id }) => id)));
    rows.reconcile(rows.asking(), [row("b", 1)], () => true);
    expect(shown).toEqual([["b"]]);
  });

  it("keeps what came or changed while the page was on its way, though the page lacks it", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1));
    const asked = rows.asking();
    rows.upsert(row("b", 2, "moved on"), row("c", 2));
    rows.reconcile(asked, [], () => true);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["c", "moved on"]);
  });

  it("shows what is recalled until the list itself is read", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("c", 2, "new"));
    rows.remove("b");
    rows.recall([row("c", 1, "old"), row("b", 1), row("a", 1)]);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["new", "a"]);
    rows.reconcile(rows.asking(), [row("c", 2, "new")], () => false);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["new"]);
  });

  it("goes by what was asked for last where rows do not say when they changed", () => {
    const rows = new Collection<{ id: string; read: boolean }>(newestFirst);
    const [page, first, second] = [rows.asking(), rows.asking(), rows.asking()];
    rows.take(second, [{ id: "a", read: true }]);
    rows.take(first, [{ id: "a", read: false }]);
    rows.reconcile(page, [{ id: "a", read: false }], () => true);
    expect(rows.getSnapshot()).toEqual([{ id: "a", read: true }]);
    rows.take(rows.asking(), [{ id: "a", read: false }]);
    expect(rows.getSnapshot()).toEqual([{ id: "a", read: false }]);
  });
});
