import { describe, expect, it } from "vitest";
import { compareLines } from "./DiffLines";

const signed = (before: string, after: string) => compareLines(before, after).map(({ sign, text }) => sign + text);

describe("compareLines", () => {
  it("marks removed and added lines", () => {
    expect(signed("a\nb\nc\n", "a\nB\nc\n")).toEqual([" a", "-b", "+B", " c"]);
  });

  it("leaves out long unchanged parts", () => {
    const many = Array.from({ length: 20 }, (_, index) => `line ${index}`).join("\n");
    const lines = signed(`${many}\nold\n${many}\n`, `${many}\nnew\n${many}\n`);
    expect(lines).toEqual([
      "…",
      " line 17",
      " line 18",
      " line 19",
      "-old",
      "+new",
      " line 0",
      " line 1",
      " line 2",
      "…",
    ]);
  });

  it("marks nothing when the texts are equal", () => {
    expect(signed("a\n", "a\n")).toEqual([" a"]);
  });
});

it("shows one text after the other when comparing them would take long", () => {
  const text = (name: string) => Array.from({ length: 3_000 }, (_, index) => `${name} ${index}`).join("\n");
  const lines = compareLines(text("old"), text("new"));
  expect(lines.slice(0, 3_000).every(({ sign }) => sign === "-")).toBe(true);
  expect(lines.slice(3_000).every(({ sign }) => sign === "+")).toBe(true);
});
