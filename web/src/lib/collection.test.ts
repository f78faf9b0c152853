import { describe, expect, it, vi } from "vitest";
import { Collection, newestFirst } from "./collection";

type Row = { id: string; updatedAt: string; name: string };
const row = (id: string, second: number, name = id): Row => ({
  id,
  updatedAt: `2026-01-01T00:00:0${second}.000001+00:00`,
  name,
});

type Entity = { id: string; updatedAt?: string };
const askedOf = (rows: Collection<Entity & { read: boolean }>) => rows.ask((asked) => Promise.resolve(asked));
const read = (rows: Collection<Row>, page: readonly Row[], covers: (row: Row) => boolean) =>
  rows.ask((asked) => {
    rows.reconcile(asked, page, covers);
    return Promise.resolve();
  });

/** A page that was asked for and is on its way until it is let in. */
function onItsWay(rows: Collection<Row>, ...page: readonly Row[]) {
  const answer = Promise.withResolvers<readonly Row[]>();
  const taken = rows.ask(async (asked) => rows.take(asked, await answer.promise));
  return {
    arrives: () => {
      answer.resolve(page);
      return taken;
    },
    fails: () => {
      answer.reject(new Error("no network"));
      return taken.catch(() => undefined);
    },
  };
}

const removeMany = (rows: Collection<Row>, name: string) =>
  rows.remove(...Array.from({ length: 2_000 }, (_, number) => `${name}${number}`));

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

  it("drops what a freshly read page no longer has, and only what the page covers", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1), row("c", 1));
    await read(rows, [row("c", 1)], ({ id }) => id >= "b");
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["c", "a"]);
  });

  it("tells its listeners of a freshly read page once", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1));
    const shown: string[][] = [];
    rows.subscribe(() => shown.push(rows.getSnapshot().map(({ id }) => id)));
    await read(rows, [row("b", 1)], () => true);
    expect(shown).toEqual([["b"]]);
  });

  it("keeps what came or changed while the page was on its way, though the page lacks it", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1));
    await rows.ask((asked) => {
      rows.upsert(row("b", 2, "moved on"), row("c", 2));
      rows.reconcile(asked, [], () => true);
      return Promise.resolve();
    });
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["c", "moved on"]);
  });

  it("shows what is recalled until the list itself is read", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("c", 2, "new"));
    rows.remove("b");
    rows.recall([row("c", 1, "old"), row("b", 1), row("a", 1)]);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["new", "a"]);
    await read(rows, [row("c", 2, "new")], () => false);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["new"]);
  });

  it("goes by what was asked for last where rows do not say when they changed", async () => {
    const rows = new Collection<{ id: string; read: boolean }>(newestFirst);
    const [page, first, second] = [askedOf(rows), askedOf(rows), askedOf(rows)];
    rows.take(await second, [{ id: "a", read: true }]);
    rows.take(await first, [{ id: "a", read: false }]);
    rows.reconcile(await page, [{ id: "a", read: false }], () => true);
    expect(rows.getSnapshot()).toEqual([{ id: "a", read: true }]);
    rows.take(await askedOf(rows), [{ id: "a", read: false }]);
    expect(rows.getSnapshot()).toEqual([{ id: "a", read: false }]);
  });

  it("brings nothing back that was removed while it was read, however much is removed besides", async () => {
    const rows = new Collection<Row>(newestFirst);
    const [failing, early] = [onItsWay(rows), onItsWay(rows, row("a", 1))];
    rows.remove("a");
    removeMany(rows, "later");
    await failing.fails();
    await onItsWay(rows).arrives();
    await early.arrives();
    expect(rows.getSnapshot()).toEqual([]);
  });

  it("forgets what was removed long before anything under way was asked for", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.remove("a");
    const early = onItsWay(rows);
    await onItsWay(rows).fails();
    removeMany(rows, "later");
    const late = onItsWay(rows);
    await early.arrives();
    rows.upsert(row("a", 1), row("later0", 1), row("later1999", 1));
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["later0", "a"]);
    await late.arrives();
  });
});
