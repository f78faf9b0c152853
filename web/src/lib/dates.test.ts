import { afterEach, expect, it, vi } from "vitest";
import { clockTime, midnightIn } from "./dates";

afterEach(() => vi.unstubAllEnvs());

it("uses the current time zone, also after it changed", () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  expect(clockTime("2026-01-01T00:00:00Z", "ja")).toBe("9:00");
  vi.stubEnv("TZ", "Europe/Berlin");
  expect(clockTime("2026-01-01T00:00:00Z", "ja")).toBe("1:00");
});

it("has days of 23 and 25 hours", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const day = (now: string) => midnightIn(1, new Date(now)).getTime() - midnightIn(0, new Date(now)).getTime();
  expect(day("2026-03-29T10:00:00Z") / 3_600_000).toBe(23);
  expect(day("2026-10-25T10:00:00Z") / 3_600_000).toBe(25);
});
