import { expect, it } from "vitest";
import { movedRule, usualRules } from "@/lib/repetition";
import { changedTime } from "./DueForm";

const weekly = { dueAt: "2027-03-01T01:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=MO" };
const tuesday = new Date(2027, 2, 2, 11);

it("moves one occurrence by its time, and all by time and rule", () => {
  const dueAt = tuesday.toISOString();
  const given = { dueAt, recurrence: null };
  expect(changedTime(weekly, { ...given, scope: "one" })).toEqual({ dueAt });
  expect(changedTime(weekly, { ...given, scope: "all" })).toEqual({ dueAt, recurrence: "FREQ=WEEKLY;BYDAY=TU" });
  expect(changedTime(weekly, { ...given, dueAt: weekly.dueAt, scope: "all" })).toEqual({});
  expect(changedTime(weekly, { dueAt, recurrence: "FREQ=DAILY", scope: "one" })).toEqual({
    dueAt,
    recurrence: "FREQ=DAILY",
  });
  expect(changedTime({ dueAt: null, recurrence: null }, { ...given, scope: "all" })).toEqual({ dueAt });
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
