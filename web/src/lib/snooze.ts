import { timeAt, wallTime } from "@/lib/zone";

export const snoozes = ["minutes", "hour", "morning"] as const;
export type Snooze = (typeof snoozes)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MORNING = 9;
// Before this hour, "tomorrow morning" is the morning of the same date.
const NIGHT_ENDS = 4;

/** The time until which something is snoozed. `zone`: the IANA zone of the user, in which "tomorrow morning" is at nine. */
export function snoozedUntil(snooze: Snooze, zone: string, now = new Date()): Date {
  if (snooze === "minutes") return new Date(now.getTime() + 10 * MINUTE);
  if (snooze === "hour") return new Date(now.getTime() + HOUR);
  const here = wallTime(now, zone);
  const ahead = here.hour < NIGHT_ENDS ? 0 : 1;
  return timeAt({ ...here, day: here.day + ahead, hour: MORNING, minute: 0 }, zone);
}
