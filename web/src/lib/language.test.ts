import { describe, expect, it } from "vitest";
import { detectLanguage } from "./language";
import { en } from "./text/en";
import { ja } from "./text/ja";

describe("detectLanguage", () => {
  it.each([
    [["ja-JP", "en"], "ja"],
    [["fr", "ja"], "ja"],
    [["en-GB", "ja"], "en"],
    [["de"], "en"],
  ] as const)("%s is answered in %s", (preferred, language) => {
    expect(detectLanguage(preferred)).toBe(language);
  });
});

function paths(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    typeof child === "object" && child !== null ? paths(child, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

describe("the texts", () => {
  it("say everything in both languages", () => {
    expect(paths(ja)).toEqual(paths(en));
  });
});
