import { afterEach, expect, it, vi } from "vitest";
import { clockTime } from "./dates";

afterEach(() => vi.unstubAllEnvs());

it("tells the time of the zone that the reader has come to", () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  expect(clockTime("2026-01-01T00:00:00Z", "ja")).toBe("9:00");
  vi.stubEnv("TZ", "Europe/Berlin");
  expect(clockTime("2026-01-01T00:00:00Z", "ja")).toBe("1:00");
});
