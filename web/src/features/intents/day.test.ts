import { expect, it } from "vitest";
import { dayOf } from "./day";
import type { Intent } from "./useIntents";

const now = new Date(2026, 10, 30, 12, 0);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
const intent = (id: string, more: Partial<Intent>) => ({ id, status: "PENDING", dueAt: null, ...more }) as Intent;

it("puts each open intent of the day into one part, the earliest first", () => {
  const day = dayOf(
    [
      intent("held", { status: "AWAITING_CONFIRMATION", dueAt: at(29, 9) }),
      intent("late", { dueAt: at(30, 11) }),
      intent("evening", { dueAt: at(30, 20) }),
      intent("afternoon", { dueAt: at(30, 15), status: "PROCESSING" }),
      intent("tomorrow", { dueAt: at(31, 9) }),
      intent("begun", { status: "PROCESSING" }),
      intent("begun for tomorrow", { status: "PROCESSING", dueAt: at(31, 9) }),
      intent("some day", {}),
      intent("done", { status: "COMPLETED", dueAt: at(30, 15) }),
    ],
    now,
  );
  const ids = Object.fromEntries(Object.entries(day).map(([part, rows]) => [part, rows.map(({ id }) => id)]));
  expect(ids).toEqual({
    answers: ["held"],
    overdue: ["late"],
    today: ["afternoon", "evening"],
    progress: ["begun for tomorrow", "begun"],
  });
});
