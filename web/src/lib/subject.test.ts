import { expect, it } from "vitest";
import { subjectOf } from "./subject";

it("calls a reply by how it begins, as it reads", () => {
  const conversation = { id: "c" };
  const content = `# Leases\n\nA **lease** ends.${" And so on.".repeat(50)}`;
  const found = { __typename: "Message", id: "m", content, messageType: "KANA", conversation } as const;
  expect(subjectOf(found)?.name).toMatch(/^Leases A lease ends. And so on.*…$/);
});

it("leads from a contradiction to the intent that it was found for", () => {
  const found = { __typename: "Contradiction", id: "c", explanation: "It wants MySQL.", intent: { id: "i" } } as const;
  expect(subjectOf(found)).toEqual({
    kind: "Contradiction",
    id: "c",
    name: "It wants MySQL.",
    route: { page: "intents", id: "i" },
  });
});
