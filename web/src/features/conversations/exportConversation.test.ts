import { describe, expect, it } from "vitest";
import { fileName, toJson, toMarkdown } from "./exportConversation";

const conversation = {
  id: "c",
  title: "Auth",
  archived: false,
  model: null,
  createdAt: "2026-01-01",
  updatedAt: "2026-01-02",
};
const names = { USER: "You", KANA: "Kana", YUNO: "Yuno", SYSTEM: "System" };
const answer = {
  id: "m2",
  messageType: "KANA" as const,
  status: "COMPLETE" as const,
  content: "# Plan",
  createdAt: "2026-01-02",
  replyTo: { id: "m1" },
};
const messages = [
  {
    id: "m1",
    messageType: "USER" as const,
    status: "COMPLETE" as const,
    content: "認証は？",
    createdAt: "2026-01-01",
    replyTo: null,
  },
  answer,
];

describe("an exported conversation", () => {
  it("is written as Markdown", () => {
    expect(toMarkdown(conversation, messages, names, "Cut.")).toBe(
      "# Auth\n\n## You · 2026-01-01\n\n認証は？\n\n## Kana · 2026-01-02\n\n# Plan\n",
    );
  });

  it("says below a reply that it was cut off", () => {
    const cut = { ...answer, status: "FAILED" as const };
    expect(toMarkdown(conversation, [cut], names, "Cut.")).toContain("# Plan\n\n*Cut.*\n");
    expect(toMarkdown(conversation, [{ ...cut, content: "" }], names, "Cut.")).not.toContain("Cut.");
  });

  it("is complete as JSON", () => {
    expect(JSON.parse(toJson(conversation, messages))).toEqual({
      conversation: { id: "c", title: "Auth", createdAt: "2026-01-01" },
      messages,
    });
  });

  it("gets a file name that is valid on every file system", () => {
    expect(fileName('a/b:c*?"<>|\u0000d')).toBe("a b c d");
    expect(fileName("///")).toBe("conversation");
    expect(Array.from(fileName("😀".repeat(200)))).toHaveLength(80);
  });
});
