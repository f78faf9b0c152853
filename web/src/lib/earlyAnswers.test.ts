import { afterEach, expect, it, vi } from "vitest";
import { takeEarlyAnswer } from "./earlyAnswers";

afterEach(() => {
  globalThis.earlyAnswers = undefined;
  vi.restoreAllMocks();
});

const answer = (data: unknown) => ({ key: 'List {"first":1}', at: performance.now(), data: Promise.resolve(data) });

it("gives an early answer once, to the same query with the same variables", async () => {
  globalThis.earlyAnswers = [answer("rows")];
  expect(await takeEarlyAnswer("List", { first: 2 })).toBeNull();
  expect(await takeEarlyAnswer("Other", { first: 1 })).toBeNull();
  expect(await takeEarlyAnswer("List", { first: 1 })).toBe("rows");
  expect(await takeEarlyAnswer("List", { first: 1 })).toBeNull();
});

it("gives none that failed, or that is no longer new", async () => {
  globalThis.earlyAnswers = [answer(null)];
  expect(await takeEarlyAnswer("List", { first: 1 })).toBeNull();
  globalThis.earlyAnswers = [{ ...answer("rows"), at: performance.now() - 11_000 }];
  expect(await takeEarlyAnswer("List", { first: 1 })).toBeNull();
});
