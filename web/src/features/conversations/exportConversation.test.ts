import { describe, expect, it } from "vitest";
import { fileName, toJson, toMarkdown } from "./exportConversation";

const conversation = {
  id: "c",
  project: { id: "p" },
  title: "Auth",
  archived: false,
  model: null,
  authorId: "1",
  visibility: "PRIVATE" as const,
  createdAt: "2026-01-01",
  updatedAt: "2026-01-02",
};
const names = { USER: "You", KANA: "Kana", YUNO: "Yuno", SYSTEM: "System" };
const plain = { shown: true, branchOf: null, citations: [] };
const words = { cut: "Cut.", otherVersions: "Other versions", gone: "Gone" };
const answer = {
  ...plain,
  versions: [{ id: "m2" }],
  id: "m2",
  messageType: "KANA" as const,
  status: "COMPLETE" as const,
  content: "# Plan",
  createdAt: "2026-01-02",
  replyTo: { id: "m1" },
};
const messages = [
  {
    ...plain,
    versions: [{ id: "m1" }],
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
    expect(toMarkdown(conversation, messages, names, words)).toBe(
      "# Auth\n\n## You · 2026-01-01\n\n認証は？\n\n## Kana · 2026-01-02\n\n# Plan\n",
    );
  });

  it("lists the records that a reply cites", () => {
    const citation = {
      number: 2,
      kind: "MEMORY" as const,
      text: { title: "The release is on Friday", recordedAt: "2026-01-01T10:00:00Z" },
      record: { id: "r" },
    };
    const gone = { number: 1, kind: "MEMORY" as const, text: null, record: null };
    const cited = { ...answer, content: "Friday [2], as said [1].", citations: [citation, gone] };
    expect(toMarkdown(conversation, [cited], names, words)).toContain(
      "Friday [2], as said [1].\n\n- [2] The release is on Friday (2026-01-01)\n- [1] Gone\n",
    );
  });

  it("says below a reply that it was cut off", () => {
    const cut = { ...answer, status: "FAILED" as const };
    expect(toMarkdown(conversation, [cut], names, words)).toContain("# Plan\n\n*Cut.*\n");
    expect(toMarkdown(conversation, [{ ...cut, content: "" }], names, words)).not.toContain("Cut.");
  });

  it("has each other version with what follows it after the branch that is shown", () => {
    const versions = [{ id: "m2" }, { id: "m4" }];
    const other = { ...answer, versions, shown: false };
    const after = { ...answer, id: "m3", content: "After the plan", shown: false, branchOf: { id: "m2" } };
    const again = { ...answer, versions, id: "m4", content: "# Other plan" };
    const said = toMarkdown(conversation, [...messages.slice(0, 1), other, after, again], names, words);
    expect(said.split("\n").filter((line) => /^#|A/.test(line))).toEqual([
      "# Auth",
      "## You · 2026-01-01",
      "## Kana · 2026-01-02 · 2/2",
      "# Other plan",
      "# Other versions",
      "## Kana · 2026-01-02 · 1/2",
      "# Plan",
      "## Kana · 2026-01-02",
      "After the plan",
    ]);
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
