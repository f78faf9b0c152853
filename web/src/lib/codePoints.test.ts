import { describe, expect, it } from "vitest";
import { countCodePoints, emptyText, insertAt } from "./codePoints";

describe("insertAt", () => {
  it("appends pieces in order", () => {
    expect(insertAt(insertAt(emptyText, 0, "Hello, "), 7, "world")).toEqual({ text: "Hello, world", length: 12 });
  });

  it("counts an emoji as one code point, as the server does", () => {
    const current = insertAt(emptyText, 0, "a😀");
    expect(current.length).toBe(2);
    expect(insertAt(current, 2, "語").text).toBe("a😀語");
    expect(insertAt(current, 1, "!").text).toBe("a!");
  });

  it("replaces everything when a reply starts again", () => {
    expect(insertAt({ text: "old 😀 words", length: 11 }, 0, "new")).toEqual({ text: "new", length: 3 });
  });

  it("never splits a surrogate pair", () => {
    const text = "あ😀b👩‍👩‍👧c";
    for (let offset = 0; offset <= countCodePoints(text); offset += 1) {
      expect(insertAt({ text, length: countCodePoints(text) }, offset, "").text.isWellFormed()).toBe(true);
    }
  });
});
