import { describe, expect, it } from "vitest";
import { withOneFormOfMath } from "./math";

describe("withOneFormOfMath", () => {
  it.each([
    ["the area is $\\pi r^2$.", "the area is $$\\pi r^2$$."],
    ["so \\(a+b\\) holds", "so $$a+b$$ holds"],
    ["\\[x = 1\\]", "\n$$\nx = 1\n$$\n"],
    ["$$\nx\n$$", "$$\nx\n$$"],
    ["so:\n$$x = 1$$\nand", "so:\n\n$$\nx = 1\n$$\n\nand"],
    ["it costs $5 and $10", "it costs $5 and $10"],
    ["from $5 to $6, then $7", "from $5 to $6, then $7"],
    ["`$HOME` and `$PATH`", "`$HOME` and `$PATH`"],
    ["```sh\necho $A$\n```", "```sh\necho $A$\n```"],
    ["``a `$x$` b``", "``a `$x$` b``"],
  ])("%s", (written, read) => {
    expect(withOneFormOfMath(written)).toBe(read);
  });
});
