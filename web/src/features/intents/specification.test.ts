import { describe, expect, it } from "vitest";
import { writtenIn } from "./SpecificationChange";
import { candidatesOf } from "./SpecificationChoice";

describe("the specification of an intent", () => {
  it.each([
    [
      { text: "…", specificationId: "s1", specificationVersion: 2 },
      { specificationId: "s1", specificationVersion: 2 },
    ],
    [{ text: "…" }, null],
    ["text", null],
    [null, null],
  ])("is read from the result %j", (result, written) => {
    expect(writtenIn(result)).toEqual(written);
  });

  it.each([
    [{ candidates: [{ kind: "specification", id: "s1", title: "認証" }, { id: 7 }] }, [{ id: "s1", title: "認証" }]],
    [{ candidates: "none" }, []],
    [{}, []],
  ])("is chosen from the candidates in %j", (metadata, candidates) => {
    expect(candidatesOf(metadata)).toEqual(candidates);
  });
});
