import { describe, expect, it } from "vitest";
import { importanceAt, importanceOver } from "./importance";

const WEEK = 7 * 86_400_000;
const now = Date.parse("2026-03-01");
const memory = { id: "m", importance: 0.5, createdAt: new Date(now - 2 * WEEK).toISOString(), lastAccessedAt: null };

describe("importance over time", () => {
  it("decays by 5 % per week", () => {
    expect(importanceAt(memory, now + WEEK, now)).toBeCloseTo(0.475);
    expect(importanceAt(memory, now - WEEK, now)).toBeCloseTo(0.5 / 0.95);
    expect(importanceAt({ ...memory, importance: 1 }, now - WEEK, now)).toBe(1);
  });

  it("starts at the last use and continues into the future", () => {
    const later = { ...memory, id: "later", lastAccessedAt: new Date(now - WEEK).toISOString() };
    const rows = importanceOver([memory, later], now);
    expect(rows[0]).toMatchObject({ at: now - 2 * WEEK, later: null });
    expect(rows.at(-1)?.at).toBe(now + 12 * WEEK);
    expect(rows.find(({ at }) => at === now)).toMatchObject({ m: 0.5, later: 0.5 });
  });
});
