import { describe, expect, it } from "vitest";
import { foldForSearch, splitMatches } from "./search";

const marked = (text: string, query: string) =>
  splitMatches(text, query)
    .map((piece) => (piece.matched ? `[${piece.text}]` : piece.text))
    .join("");

describe("splitMatches", () => {
  it.each([
    ["The auth design", "AUTH design", "The [auth] [design]"],
    ["認証機能の設計", "設計", "認証機能の[設計]"],
    ["a+b (c)", "+ (", "a[+]b [(]c)"],
    ["authentication", "auth authentication", "[authentication]"],
    ["nothing here", "  ", "nothing here"],
  ])("%s · %s", (text, query, result) => {
    expect(marked(text, query)).toBe(result);
  });
});

describe("foldForSearch", () => {
  it("ignores width and case", () => {
    expect(foldForSearch(" Ａuth ｶﾅ ")).toBe("auth カナ");
  });
});
