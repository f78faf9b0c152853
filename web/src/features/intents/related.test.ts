import { expect, it } from "vitest";
import { relatedIn } from "./RelatedRecords";

it("reads the records that the metadata names, and nothing else of it", () => {
  const known = { kind: "decision", id: "d", text: "ADR 1" };
  expect(
    relatedIn({ related: [known, { kind: "planet", id: "p", text: "x" }, { kind: "memory", id: 7 }, {}] }),
  ).toEqual([{ ...known, kind: "Decision" }]);
  expect([relatedIn({}), relatedIn({ related: "all" })]).toEqual([[], []]);
});
