import { expect, it } from "vitest";
import { subjectOf } from "./subject";

const project = { id: "p", slug: "website" };

it("names a reply by its beginning, without Markdown", () => {
  const conversation = { id: "c", project };
  const content = `# Leases\n\nA **lease** ends.${" And so on.".repeat(50)}`;
  const found = { __typename: "Message", id: "m", content, messageType: "KANA", conversation } as const;
  expect(subjectOf(found)?.name).toMatch(/^Leases A lease ends. And so on.*…$/);
});

it("links a contradiction to its intent or its decision", () => {
  const explanation = "It wants MySQL.";
  const found = { __typename: "Contradiction", id: "c", explanation, key: null, params: null } as const;
  expect(subjectOf({ ...found, intent: { id: "i", project }, decision: null })).toEqual({
    kind: "Contradiction",
    id: "c",
    name: "It wants MySQL.",
    route: { page: "intents", id: "i", recordIn: "website" },
    project,
  });
  const ofDecision = subjectOf({ ...found, intent: null, decision: { id: "d", project } });
  expect(ofDecision?.route).toEqual({ page: "decisions", id: "d", recordIn: "website" });
});

it("names a conversation by its title, without Markdown", () => {
  expect(subjectOf({ __typename: "Conversation", id: "c", title: "**Plan** for leases" } as never)?.name).toBe(
    "Plan for leases",
  );
});
