import { expect, it } from "vitest";
import { toText, summarizeInput } from "./toolText";

it.each([
  [{ command: "make check\n echo done", description: "checks" }, "make check"],
  [{ file_path: "/w/a.py", content: "x" }, "/w/a.py"],
  [{ content: "x" }, ""],
  [null, ""],
  ["ls", ""],
])("summarizes the input %j", (input, said) => {
  expect(summarizeInput(input)).toBe(said);
});

it.each([
  ["plain", "plain"],
  [
    [
      { type: "text", text: "one" },
      { type: "text", text: "two" },
    ],
    "one\ntwo",
  ],
  [{ cut: true, bytes: 90_000, beginning: "begins" }, "begins…"],
  [{ lines: 3 }, '{\n  "lines": 3\n}'],
  [null, ""],
])("converts %j to text", (value, text) => {
  expect(toText(value)).toBe(text);
});
