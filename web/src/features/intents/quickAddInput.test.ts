import { describe, expect, it } from "vitest";
import { inputOf } from "./quickAddInput";
import type { TypedTask } from "./useTypedTask";

const task = (more: Partial<TypedTask> = {}): TypedTask => ({
  description: "call the bank",
  undated: "call the bank tomorrow 3pm",
  dueAt: "2026-12-01T15:00:00+09:00",
  past: false,
  recurrence: null,
  labels: ["finance", "ops"],
  priority: 8,
  assignee: null,
  reminder: false,
  unread: null,
  ...more,
});

describe("a typed line", () => {
  it("becomes a to-do with what was understood", () => {
    expect(inputOf("…", task(), {})).toMatchObject({
      description: "call the bank",
      dueAt: "2026-12-01T15:00:00+09:00",
      labels: ["finance", "ops"],
      priority: 8,
      assignee: "PERSON",
      intentType: "TASK",
    });
  });

  it("keeps the words of a time that is no time", () => {
    const input = inputOf("…", task({ recurrence: "FREQ=DAILY" }), { dueAt: null });
    expect(input).toMatchObject({ description: "call the bank tomorrow 3pm", dueAt: null, recurrence: null });
  });

  it("takes another time, and then does not repeat as it was read", () => {
    const input = inputOf("…", task({ recurrence: "FREQ=DAILY" }), { dueAt: "2026-12-05T00:00:00Z" });
    expect(input).toMatchObject({ description: "call the bank", dueAt: "2026-12-05T00:00:00Z", recurrence: null });
  });

  it("loses labels, priority and assignee that the reader takes out", () => {
    const input = inputOf("…", task(), { withoutLabels: ["ops"], withoutPriority: true, assignee: "ASSISTANT" });
    expect(input).toMatchObject({ labels: ["finance"], priority: 0, assignee: "ASSISTANT", intentType: null });
  });

  it("becomes a reminder of the assistant when it asks for one", () => {
    expect(inputOf("…", task({ reminder: true }), {})).toMatchObject({ assignee: "ASSISTANT", intentType: "REMINDER" });
    expect(inputOf("…", task({ reminder: true }), { dueAt: null })).toMatchObject({ intentType: null });
  });

  it("is the text when the server could not read it", () => {
    expect(inputOf("call", null, {})).toMatchObject({ description: "call", dueAt: null, labels: [], priority: 0 });
  });
});
