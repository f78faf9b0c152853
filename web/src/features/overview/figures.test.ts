import { expect, it } from "vitest";
import { type DayFigures, statusesOver, timesOver, tokensOver } from "./figures";

const day: DayFigures = {
  start: "2026-01-08T15:00:00Z",
  end: "2026-01-09T15:00:00Z",
  messages: 3,
  answers: 2,
  completedIntents: 1,
  failedIntents: 0,
  answerSeconds: 1.5,
  intentSeconds: null,
  inputTokens: 13,
  cachedTokens: 100,
  outputTokens: 21,
  statuses: [{ status: "COMPLETED", count: 4 }],
};
const start = Date.parse(day.start);

it("shows missing counts as zero and missing times as a gap", () => {
  expect(statusesOver([day])[0]).toMatchObject({ day: start, COMPLETED: 4, PENDING: 0, FAILED: 0 });
  expect(timesOver([day])).toEqual([{ day: start, answer: 1.5, intent: null }]);
  expect(tokensOver([day])).toEqual([{ day: start, input: 13, cached: 100, output: 21 }]);
});
