import { expect, it } from "vitest";
import { subjectOf } from "./subject";

it("leads from a contradiction to the intent that it was found for", () => {
  const found = { __typename: "Contradiction", id: "c", explanation: "It wants MySQL.", intent: { id: "i" } } as const;
  expect(subjectOf(found)).toEqual({
    kind: "Contradiction",
    id: "c",
    name: "It wants MySQL.",
    route: { page: "intents", id: "i" },
  });
});
