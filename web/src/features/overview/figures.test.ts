import { describe, expect, it } from "vitest";
import {
  type IntentPast,
  type MessagePast,
  lastDays,
  median,
  statusesOver,
  summaryOf,
  timesOver,
  tokensOver,
} from "./figures";

const now = new Date(2026, 0, 10, 12);
const at = (day: number, hour: number, second = 0) => new Date(2026, 0, day, hour, 0, second).toISOString();
const days = lastDays(3, now);

const intent: IntentPast = {
  id: "i",
  status: "COMPLETED",
  createdAt: at(8, 23),
  processedAt: at(10, 1, 5),
  metadata: { usage: { input_tokens: 3, output_tokens: 1 } },
  history: [
    { toStatus: "PENDING", at: at(8, 23) },
    { toStatus: "PROCESSING", at: at(10, 1) },
    { toStatus: "COMPLETED", at: at(10, 1, 5) },
  ],
};
const reply = (day: number, durationMs: number): MessagePast => ({
  id: `m${day}`,
  messageType: "KANA",
  status: "COMPLETE",
  createdAt: at(day, 9),
  metadata: { durationMs, usage: { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 20 } },
});

describe("the overview", () => {
  it("counts days by the reader's calendar", () => {
    expect(days.map(({ start }) => new Date(start).getDate())).toEqual([8, 9, 10]);
    expect(days[0]?.end).toBe(days[1]?.start);
  });

  it("knows where an intent stood when a day ended", () => {
    expect(statusesOver(days, [intent]).map(({ PENDING, COMPLETED }) => [PENDING, COMPLETED])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it("takes the median of the times of a day, and nothing where nothing ended", () => {
    const times = timesOver(days, { intents: [intent], messages: [reply(9, 1000), reply(9, 3000)] });
    expect(times.map(({ answer, intent: seconds }) => [answer, seconds])).toEqual([
      [null, null],
      [2, null],
      [null, 5],
    ]);
    expect(median([5, 1, 3])).toBe(3);
  });

  it("adds up tokens", () => {
    expect(tokensOver(days, { intents: [intent], messages: [reply(8, 1)] })[0]).toMatchObject({
      input: 13,
      cached: 100,
      output: 21,
    });
  });

  it("sums up a day", () => {
    const [, , today] = days;
    if (!today) throw new Error("there are three days");
    expect(summaryOf(today, { intents: [intent], messages: [reply(10, 4000)] })).toEqual({
      said: 0,
      answered: 1,
      completed: 1,
      failed: 0,
      seconds: 4,
    });
  });
});
