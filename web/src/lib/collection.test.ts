import { describe, expect, it, vi } from "vitest";
import { Collection, newestFirst } from "./collection";

type Row = { id: string; updatedAt: string; name: string };
const row = (id: string, second: number, name = id): Row => ({
  id,
  updatedAt: `2026-01-01T00:00:0${second}.000001+00:00`,
  name,
});

type Entity = { id: string; updatedAt?: string };
const startRequest = (rows: Collection<Entity & { read: boolean }>) =>
  rows.request((number) => Promise.resolve(number));
const read = (rows: Collection<Row>, page: readonly Row[], covers: (row: Row) => boolean) =>
  rows.request((number) => {
    rows.replacePage(number, page, covers);
    return Promise.resolve();
  });

/** A request whose response the test controls. */
function pendingRequest(rows: Collection<Row>, ...page: readonly Row[]) {
  const answer = Promise.withResolvers<readonly Row[]>();
  const applied = rows.request(async (number) => rows.applyRows(number, await answer.promise));
  return {
    arrives: () => {
      answer.resolve(page);
      return applied;
    },
    fails: () => {
      answer.reject(new Error("no network"));
      return applied.catch(() => undefined);
    },
  };
}

const removeMany = (rows: Collection<Row>, name: string) =>
  rows.remove(...Array.from({ length: 2_000 }, (_, number) => `${name}${number}`));

describe("Collection", () => {
  it("keeps rows in order and notifies its listeners", () => {
    const rows = new Collection<Row>(newestFirst);
    const listener = vi.fn();
    rows.subscribe(listener);
    rows.upsert(row("a", 1), row("c", 1), row("b", 1));
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("never restores a state that is older than an event", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 2, "from the event"));
    rows.upsert(row("a", 1, "from the slow response"));
    expect(rows.get("a")?.name).toBe("from the event");
  });

  it("does not restore a row that was deleted before the response arrived", () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1));
    rows.remove("a");
    rows.upsert(row("a", 1));
    expect(rows.getSnapshot()).toEqual([]);
  });

  it("shows a restored row again when a later request reads it, or when an event says so", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1));
    rows.remove("a", "b");
    await read(rows, [row("a", 1)], () => true);
    rows.revive("b");
    rows.upsert(row("b", 1));
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it("drops covered rows that a freshly read page does not contain", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1), row("c", 1));
    await read(rows, [row("c", 1)], ({ id }) => id >= "b");
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["c", "a"]);
  });

  it("notifies its listeners once of a freshly read page", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1));
    const shown: string[][] = [];
    rows.subscribe(() => shown.push(rows.getSnapshot().map(({ id }) => id)));
    await read(rows, [row("b", 1)], () => true);
    expect(shown).toEqual([["b"]]);
  });

  it("keeps rows that were added or changed while the page was requested", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("a", 1), row("b", 1));
    await rows.request((number) => {
      rows.upsert(row("b", 2, "changed"), row("c", 2));
      rows.replacePage(number, [], () => true);
      return Promise.resolve();
    });
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["c", "changed"]);
  });

  it("shows restored rows until the list itself is read", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.upsert(row("c", 2, "new"));
    rows.remove("b");
    rows.restore([row("c", 1, "old"), row("b", 1), row("a", 1)]);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["new", "a"]);
    await read(rows, [row("c", 2, "new")], () => false);
    expect(rows.getSnapshot().map(({ name }) => name)).toEqual(["new"]);
  });

  it("prefers the later request when rows have no updatedAt", async () => {
    const rows = new Collection<{ id: string; read: boolean }>(newestFirst);
    const [page, first, second] = [startRequest(rows), startRequest(rows), startRequest(rows)];
    rows.applyRows(await second, [{ id: "a", read: true }]);
    rows.applyRows(await first, [{ id: "a", read: false }]);
    rows.replacePage(await page, [{ id: "a", read: false }], () => true);
    expect(rows.getSnapshot()).toEqual([{ id: "a", read: true }]);
    rows.applyRows(await startRequest(rows), [{ id: "a", read: false }]);
    expect(rows.getSnapshot()).toEqual([{ id: "a", read: false }]);
  });

  it("does not restore a row that was removed during a request, even after many other removals", async () => {
    const rows = new Collection<Row>(newestFirst);
    const [failing, early] = [pendingRequest(rows), pendingRequest(rows, row("a", 1))];
    rows.remove("a");
    removeMany(rows, "later");
    await failing.fails();
    await pendingRequest(rows).arrives();
    await early.arrives();
    expect(rows.getSnapshot()).toEqual([]);
  });

  it("forgets ids that were removed before every pending request", async () => {
    const rows = new Collection<Row>(newestFirst);
    rows.remove("a");
    const early = pendingRequest(rows);
    await pendingRequest(rows).fails();
    removeMany(rows, "later");
    const late = pendingRequest(rows);
    await early.arrives();
    rows.upsert(row("a", 1), row("later0", 1), row("later1999", 1));
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["later0", "a"]);
    await late.arrives();
  });
});
