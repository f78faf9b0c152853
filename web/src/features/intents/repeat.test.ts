import { expect, it } from "vitest";
import { movedRule, usualRules } from "@/lib/repetition";
import { changedTime } from "./RepeatFields";

const weekly = { dueAt: "2027-03-01T01:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=MO" };
const tuesday = new Date(2027, 2, 2, 11);

it("moves one occurrence by its time, and all by time and rule", () => {
  const dueAt = tuesday.toISOString();
  const given = { dueAt, moved: true, rule: weekly.recurrence };
  expect(changedTime(weekly, { ...given, scope: "one" })).toEqual({ dueAt });
  expect(changedTime(weekly, { ...given, scope: "all" })).toEqual({ dueAt, recurrence: "FREQ=WEEKLY;BYDAY=TU" });
  expect(changedTime(weekly, { ...given, moved: false, scope: "all" })).toEqual({});
  expect(changedTime(weekly, { ...given, rule: "", scope: "one" })).toEqual({ dueAt, recurrence: null });
  expect(changedTime(weekly, { ...given, dueAt: null, scope: "one" })).toEqual({ dueAt: null, recurrence: null });
});

it("offers rules that fit the first time", () => {
  const lastDay = usualRules(new Date(2027, 1, 28, 9));
  expect(lastDay).toContain("FREQ=MONTHLY;BYMONTHDAY=-1");
  expect(lastDay).toContain("FREQ=WEEKLY;BYDAY=SU");
  expect(movedRule("FREQ=WEEKLY;BYDAY=MO,WE", tuesday)).toBe("FREQ=WEEKLY;BYDAY=MO,WE");
  expect(movedRule("FREQ=MONTHLY;BYMONTHDAY=15", tuesday)).toBe("FREQ=MONTHLY;BYMONTHDAY=2");
  expect(movedRule("FREQ=MONTHLY;BYDAY=2TU", tuesday)).toBe("FREQ=MONTHLY;BYDAY=2TU");
  expect(movedRule("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", tuesday)).toBe("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2");
  expect(movedRule("FREQ=DAILY", tuesday)).toBe("FREQ=DAILY");
});
