import { describe, expect, it } from "vitest";
import type { IntentAssignee, IntentStatus } from "@/gql/graphql";
import { moveOf } from "./moves";
import type { Intent } from "./useIntents";

const intent = (assignee: IntentAssignee, status: IntentStatus, more: Partial<Intent> = {}) =>
  ({ assignee, status, intentType: "TASK", contradictions: [], ...more }) as unknown as Intent;
const told = (row: Intent, to: IntentStatus) => {
  const move = moveOf(row, to);
  return "refusal" in move ? move.refusal : move.steps.join("+");
};

describe("a move to another status", () => {
  it.each<[IntentStatus, IntentStatus, string, string]>([
    ["PENDING", "PROCESSING", "start", "assistantDoes"],
    ["PENDING", "COMPLETED", "complete", "assistantDoes"],
    ["PENDING", "CANCELLED", "cancel", "cancel"],
    ["PENDING", "FAILED", "failsByItself", "failsByItself"],
    ["PENDING", "AWAITING_CONFIRMATION", "waitsByItself", "waitsByItself"],
    ["PROCESSING", "COMPLETED", "complete", "assistantDoes"],
    ["PROCESSING", "PENDING", "reopen", "assistantWorks"],
    ["AWAITING_CONFIRMATION", "PENDING", "confirm", "confirm"],
    ["AWAITING_CONFIRMATION", "PROCESSING", "acceptFirst", "acceptFirst"],
    ["COMPLETED", "PENDING", "reopen", "reopen"],
    ["COMPLETED", "PROCESSING", "reopen+start", "assistantDoes"],
    ["COMPLETED", "CANCELLED", "ended", "ended"],
    ["CANCELLED", "COMPLETED", "reopen+complete", "assistantDoes"],
    ["FAILED", "PENDING", "reopen", "retry"],
    ["PENDING", "PENDING", "", ""],
  ])("from %s to %s", (from, to, ofPerson, ofAssistant) => {
    expect(told(intent("PERSON", from), to)).toBe(ofPerson);
    expect(told(intent("ASSISTANT", from), to)).toBe(ofAssistant);
  });

  it("waits for a contradiction and for the time of a reminder", () => {
    const contradictions = [{ id: "c", status: "PENDING" }] as Intent["contradictions"];
    expect(told(intent("PERSON", "AWAITING_CONFIRMATION", { contradictions }), "PENDING")).toBe("contradicted");
    const reminder = intent("ASSISTANT", "AWAITING_CONFIRMATION", { intentType: "REMINDER", dueAt: null });
    expect(told(reminder, "PENDING")).toBe("noTime");
  });
});
