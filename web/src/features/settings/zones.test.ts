import { expect, it } from "vitest";
import { findZones } from "./zones";

it.each(["ニューヨーク", "new york", "New_York"])("New York is found as %s in both languages", (words) => {
  expect(findZones(words, "en").map(({ id }) => id)).toContain("America/New_York");
  expect(findZones(words, "ja").map(({ id }) => id)).toContain("America/New_York");
});

it("cities are found in Japanese", () => {
  expect(findZones("東京", "ja")[0]?.id).toBe("Asia/Tokyo");
  expect(findZones("ロンドン", "en")[0]?.id).toBe("Europe/London");
  expect(findZones("<script>", "ja")).toEqual([]);
});
