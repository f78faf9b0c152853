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
  const here = partsIn(zone, now);
  const ahead = here.hour < NIGHT_ENDS ? 0 : 1;
  const wanted = Date.UTC(here.year, here.month - 1, here.day + ahead, MORNING);
  // The offset may change during the night, so it is that of the morning.
  const near = wanted - offsetIn(zone, new Date(wanted));
  return new Date(wanted - offsetIn(zone, new Date(near)));
}

function partsIn(zone: string, at: Date) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = found;
  return { year, month, day, hour, minute };
}

/** The milliseconds that the clocks of the zone are ahead of UTC. */
function offsetIn(zone: string, at: Date): number {
  const { year, month, day, hour, minute } = partsIn(zone, at);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at.getTime() / MINUTE) * MINUTE;
}
