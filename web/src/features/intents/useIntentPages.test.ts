import { describe, expect, it } from "vitest";
import { fits, inOrder } from "./useIntentPages";
import type { Intent } from "./useIntents";

const intent = (id: string, more: Partial<Intent> = {}) =>
  ({ id, description: id, status: "PENDING", intentType: null, priority: 0, ...more }) as Intent;
const all = { statuses: null, type: null, order: "NEWEST", words: "" } as const;

describe("a filter of intents", () => {
  it("matches status, type and text, ignoring case and width", () => {
    const task = intent("Ａuth 設計", { intentType: "TASK" });
    expect(fits(task, all)).toBe(true);
    expect(fits(task, { ...all, statuses: ["FAILED"] })).toBe(false);
    expect(fits(task, { ...all, type: "TASK", words: "AUTH" })).toBe(true);
    expect(fits(task, { ...all, words: "other" })).toBe(false);
  });

  it("orders by age or by priority", () => {
    const rows = [intent("a", { priority: 1 }), intent("b"), intent("c", { priority: 1 })];
    const ids = (order: Parameters<typeof inOrder>[0]) => rows.toSorted(inOrder(order)).map(({ id }) => id);
    expect(ids("NEWEST")).toEqual(["c", "b", "a"]);
    expect(ids("OLDEST")).toEqual(["a", "b", "c"]);
    expect(ids("PRIORITY")).toEqual(["c", "a", "b"]);
  });
});
