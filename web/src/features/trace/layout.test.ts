import { describe, expect, it } from "vitest";
import { type Happened, layOut } from "./layout";

const event = (subjectId: string, causedBy: string | null, kind: Happened["kind"] = "INTENT_CREATED"): Happened => ({
  kind,
  subjectId,
  causedBy,
  payload: {},
  createdAt: "2026-01-01",
});

describe("layOut", () => {
  it("places each subject once, after its causes", () => {
    const { placed, arrows } = layOut([
      event("message", null, "MESSAGE_CREATED"),
      event("reply", "message", "MESSAGE_CREATED"),
      event("intent", "message"),
      event("intent", "message", "INTENT_UPDATED"),
      event("notice", "intent", "NOTIFICATION_CREATED"),
    ]);
    expect(placed.map(({ id, column, row }) => [id, column, row])).toEqual([
      ["message", 0, 0],
      ["reply", 1, 0],
      ["intent", 1, 1],
      ["notice", 2, 0],
    ]);
    expect(placed[2]?.last.kind).toBe("INTENT_UPDATED");
    expect(arrows.map(({ from, to }) => `${from.id}>${to.id}`)).toEqual([
      "message>reply",
      "message>intent",
      "intent>notice",
    ]);
  });

  it("ends at cycles and leaves out causes outside of the chain", () => {
    const { placed, arrows } = layOut([event("a", "b"), event("b", "a"), event("c", "elsewhere")]);
    expect(placed).toHaveLength(3);
    expect(arrows).toHaveLength(1);
  });
});
