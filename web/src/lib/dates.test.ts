import { afterEach, expect, it, vi } from "vitest";
import { clockTime } from "./dates";

afterEach(() => vi.unstubAllEnvs());

it("uses the current time zone, also after it changed", () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  expect(clockTime("2026-01-01T00:00:00Z", "ja")).toBe("9:00");
  vi.stubEnv("TZ", "Europe/Berlin");
  expect(clockTime("2026-01-01T00:00:00Z", "ja")).toBe("1:00");
});
