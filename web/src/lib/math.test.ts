import { describe, expect, it } from "vitest";
import { MathScanner, withOneFormOfMath } from "./math";

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
    ["a \\\\(not a formula\\\\) b", "a \\\\(not a formula\\\\) b"],
    ["\\$5 and $x$", "\\$5 and $$x$$"],
    ["\\(\\) is empty, \\(a", "\\(\\) is empty, \\(a"],
    ["` $x$ and ``$y$``", "` $$x$$ and ``$y$``"],
    ["  $$x$$  \nnext", "  \n$$\nx\n$$\n\nnext"],
  ])("%s", (written, read) => {
    expect(withOneFormOfMath(written)).toBe(read);
  });

  it.each(["\\(", "\\[", "$", "$ ", "$a ", "$$ ", "`", "` ", "`` ` ", "~", "```", "a`\n", "\\", "\\(\\)", "$\\"])(
    "examines each character of repeated %j a few times only",
    (unit) => {
      const steps = (length: number) => {
        const scanner = new MathScanner(unit.repeat(length / unit.length));
        scanner.convert();
        return scanner.steps;
      };
      expect(steps(8_192)).toBeLessThan(8 * 8_192);
      expect(steps(16_384)).toBeLessThan(2.2 * steps(8_192));
    },
  );
});
