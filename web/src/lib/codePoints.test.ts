import { describe, expect, it } from "vitest";
import { countCodePoints, nothing, place } from "./codePoints";

describe("place", () => {
  it("appends pieces as they come", () => {
    expect(place(place(nothing, 0, "Hello, "), 7, "world")).toEqual({ text: "Hello, world", length: 12 });
  });

  it("counts an emoji as one, as the server does", () => {
    const held = place(nothing, 0, "a😀");
    expect(held.length).toBe(2);
    expect(place(held, 2, "語").text).toBe("a😀語");
    expect(place(held, 1, "!").text).toBe("a!");
  });

  it("replaces everything when a reply is started anew", () => {
    expect(place({ text: "old 😀 words", length: 11 }, 0, "new")).toEqual({ text: "new", length: 3 });
  });

  it("never cuts a surrogate pair in two, wherever it is placed", () => {
    const text = "あ😀b👩‍👩‍👧c";
    for (let offset = 0; offset <= countCodePoints(text); offset += 1) {
      expect(place({ text, length: countCodePoints(text) }, offset, "").text.isWellFormed()).toBe(true);
    }
  });
});
