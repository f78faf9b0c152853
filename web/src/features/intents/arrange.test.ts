import { describe, expect, it } from "vitest";
import { type Grouping, type Order, arrange, dueGroupOf, inOrder, readingOrder } from "./arrange";
import type { Intent } from "./useIntents";

const now = new Date(2026, 10, 30, 12, 0);
const on = (day: number, hour = 12) => new Date(2026, 10, day, hour).toISOString();
const intent = (id: string, more: Partial<Intent> = {}) =>
  ({ id, status: "PENDING", assignee: "PERSON", labels: [], priority: 0, dueAt: null, ...more }) as unknown as Intent;

describe("the order of intents", () => {
  const rows = [
    intent("a", { priority: 1, dueAt: on(32), labels: ["ops", "blue"] }),
    intent("b", { assignee: "ASSISTANT", labels: ["car"] }),
    intent("c", { priority: 1, dueAt: on(31) }),
  ];
  it.each<[Order, string]>([
    ["NEWEST", "cba"],
    ["OLDEST", "abc"],
    ["PRIORITY", "cab"],
    ["DUE", "cab"],
    ["LABEL", "abc"],
    ["ASSIGNEE", "cab"],
  ])("by %s", (order, ids) => {
    expect(
      rows
        .toSorted(inOrder(order))
        .map(({ id }) => id)
        .join(""),
    ).toBe(ids);
  });

  it("is read in pages only where the server knows it", () => {
    expect(readingOrder("PRIORITY", "NONE")).toBe("PRIORITY");
    expect(readingOrder("NEWEST", "DUE")).toBe("DUE");
    expect(readingOrder("NEWEST", "LABEL")).toBeNull();
    expect(readingOrder("ASSIGNEE", "NONE")).toBeNull();
  });
});

describe("the groups of intents", () => {
  it.each([
    [on(30, 11), true, "OVERDUE"],
    [on(30, 11), false, "PAST"],
    [on(30, 13), true, "TODAY"],
    [on(31), true, "TOMORROW"],
    [on(35), true, "WEEK"],
    [on(40), true, "LATER"],
    [null, true, "NONE"],
  ])("due %s, open: %s", (dueAt, open, group) => {
    expect(dueGroupOf(intent("a", { dueAt }), open, now)).toBe(group);
  });

  const told = (rows: readonly Intent[], grouping: Grouping) =>
    arrange(rows, "NEWEST", grouping, now).map((entry) =>
      entry.kind === "group" ? `${entry.value}:${entry.count}` : entry.intent.id,
    );

  it("have headings with counts, and those without a value come last", () => {
    const rows = [intent("a", { labels: ["x", "b"] }), intent("b"), intent("c", { labels: ["b"], priority: 10 })];
    expect(told(rows, "LABEL")).toEqual(["b:2", "c", "a", "x:1", "a", ":1", "b"]);
    expect(told(rows, "PRIORITY")).toEqual(["10:1", "c", "0:2", "b", "a"]);
    expect(told(rows, "NONE")).toEqual(["c", "b", "a"]);
    expect(told([intent("a", { assignee: "ASSISTANT" }), intent("b")], "ASSIGNEE")).toEqual([
      "PERSON:1",
      "b",
      "ASSISTANT:1",
      "a",
    ]);
  });

  it("give every entry a key of its own", () => {
    const keys = arrange([intent("a", { labels: ["x", "b"] })], "NEWEST", "LABEL", now).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
