import { describe, expect, it } from "vitest";
import { asksForTime, changes, fieldsOf, toInput } from "./proposal";

const proposal = (tool: string, given: object, reasonKey: string | null = null) => ({
  tool,
  arguments: given,
  reasonKey,
});
const nameOf = ({ name }: { name: string }) => name;

describe("the form of a proposal", () => {
  it("edits texts, numbers and the time, and nothing with fixed values", () => {
    const given = { title: "Use MySQL", kind: "CHOICE", options: [{ label: "MySQL" }], rationale: "known" };
    expect(fieldsOf(proposal("record_decision", given)).map(nameOf)).toEqual(["title", "rationale"]);
    const work = proposal("create_intent", { description: "write tests", intentType: "TASK", priority: 3 });
    expect(fieldsOf(work).map(nameOf)).toEqual(["description", "priority", "dueAt"]);
  });

  it("asks for the time of a reminder, of a move, and of what was not understood", () => {
    const reminder = proposal("create_intent", { description: "call Aki", intentType: "REMINDER" });
    expect(asksForTime(reminder)).toBe(true);
    expect(fieldsOf(reminder).find(({ name }) => name === "dueAt")?.required).toBe(true);
    expect(asksForTime(proposal("update_intent", { id: "1" }))).toBe(true);
    const unread = proposal("create_intent", { description: "tidy", intentType: "TASK" }, "assistant.time_unread");
    expect(asksForTime(unread)).toBe(true);
    expect(fieldsOf(unread).find(({ name }) => name === "dueAt")?.required).toBe(false);
    expect(asksForTime(proposal("create_intent", { description: "tidy", intentType: "TASK" }))).toBe(false);
    expect(asksForTime(proposal("update_intent", { id: "1", dueAt: "2026-12-01T09:00:00Z" }))).toBe(false);
  });

  it("sends what was changed; what was emptied as null", () => {
    const given = { title: "Use MySQL", rationale: "known", dueAt: "2026-12-01T09:00:00+00:00" };
    const fields = fieldsOf(proposal("record_decision", given));
    const shown = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, toInput(value)]));
    expect(changes(fields, given, shown)).toEqual({});
    expect(changes(fields, given, { ...shown, title: "Use MariaDB", rationale: " " })).toEqual({
      title: "Use MariaDB",
      rationale: null,
    });
    const at = new Date(2026, 11, 2, 10, 30);
    expect(changes(fields, given, { ...shown, dueAt: "2026-12-02T10:30" })).toEqual({ dueAt: at.toISOString() });
  });
});
