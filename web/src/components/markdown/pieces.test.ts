import { describe, expect, it } from "vitest";
import { MAX_CHARS, blocksOf, piecesOf } from "./pieces";

const textOf = (markdown: string) =>
  piecesOf(markdown).map((piece) => (piece.kind === "code" ? piece.code : piece.text));

describe("piecesOf", () => {
  it("leaves a short text whole", () => {
    expect(piecesOf("# a\n\nb")).toEqual([{ kind: "markdown", text: "# a\n\nb" }]);
  });

  it.each([
    ["paragraphs", `${"word ".repeat(300)}\n\n`.repeat(20)],
    ["one line", "word ".repeat(20_000)],
    ["one word", "語".repeat(20_000)],
    ["emoji", "😀".repeat(20_000)],
    ["lines", "a\n".repeat(20_000)],
    ["lists", "- item\n  - inner\n".repeat(3_000)],
    ["short code blocks", "```\na\n```\n".repeat(3_000)],
  ])("bounds the pieces of long %s and loses nothing", (_, text) => {
    const pieces = textOf(text);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(MAX_CHARS);
      expect(piece).not.toMatch(/[\uD800-\uDBFF]$/);
    }
    expect(pieces.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
  });

  it("does not split a code block, and passes a long one without its fence", () => {
    const code = "let a = 1;\n\nlet b = 2;\n".repeat(500);
    const pieces = piecesOf(`before\n\n\`\`\`js\n${code}\`\`\`\n\nafter`);
    expect(pieces.map(({ kind }) => kind)).toEqual(["markdown", "code", "markdown"]);
    expect(pieces[1]).toEqual({ kind: "code", code: code.trimEnd(), language: "js" });
  });

  it("keeps the first pieces when text is added", () => {
    const part = `${"word ".repeat(300)}\n\n`;
    const before = textOf(part.repeat(10));
    expect(textOf(part.repeat(12)).slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  });
});

it("splits blocks at blank lines outside of code", () => {
  expect(blocksOf("a\nb\n\n```\nc\n\nd\n```\n\n\ne")).toEqual(["a\nb", "```\nc\n\nd\n```", "e"]);
});
