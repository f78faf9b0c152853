import { describe, expect, it } from "vitest";
import type { IntentAssignee, IntentStatus } from "@/gql/graphql";
import { type Intent, canComplete, canEdit, canReopen, canRetry, canStart } from "./useIntents";

const steps = { start: canStart, complete: canComplete, reopen: canReopen, retry: canRetry, edit: canEdit };
const offered = (assignee: IntentAssignee, status: IntentStatus) =>
  Object.entries(steps)
    .filter(([, can]) => can({ assignee, status } as Intent))
    .map(([name]) => name);

describe("the steps of an intent", () => {
  it.each<[IntentStatus, string[], string[]]>([
    ["PENDING", ["start", "complete", "edit"], ["edit"]],
    ["AWAITING_CONFIRMATION", ["edit"], ["edit"]],
    ["PROCESSING", ["complete", "edit"], []],
    ["COMPLETED", ["reopen"], []],
    ["FAILED", ["reopen"], ["retry"]],
    ["CANCELLED", ["reopen"], ["retry"]],
  ])("depend on who does it when it is %s", (status, ofPerson, ofAssistant) => {
    expect(offered("PERSON", status)).toEqual(ofPerson);
    expect(offered("ASSISTANT", status)).toEqual(ofAssistant);
  });
});
