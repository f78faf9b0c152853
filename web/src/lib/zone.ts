import { readStorage, subscribeToStorage, writeStorage } from "@/lib/storage";

const KEY = "resonant.timezone";

/** The wall clock of a time; the month counts from 1. */
export type WallTime = { year: number; month: number; day: number; hour: number; minute: number };

let device = { offset: NaN, name: "" };

/** The IANA time zone of this device. Its name costs much more than its offset, so it is asked for when that changes. */
export function deviceZone(): string {
  const offset = new Date().getTimezoneOffset();
  if (offset !== device.offset) device = { offset, name: Intl.DateTimeFormat().resolvedOptions().timeZone };
  return device.name;
}

/** The IANA time zone of all dates that the reader sees: the one that they have chosen, else that of this device. */
export function readerZone(): string {
  return chosenZone() ?? deviceZone();
}

/** The time zone that the reader has chosen for their account; kept here, so that the first dates are right. */
export function chosenZone(): string | null {
  const stored = readStorage(KEY);
  return stored !== null && isZone(stored) ? stored : null;
}

export function setChosenZone(zone: string | null) {
  if (zone !== readStorage(KEY)) writeStorage(KEY, zone);
}

export const onReaderZone = subscribeToStorage;

const known = new Map<string, boolean>();

/** Whether this browser has the time zone. */
export function isZone(name: string): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  let found = true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    found = false;
  }
  known.set(name, found);
  return found;
}

/** The wall clock of the zone at this time. */
export function wallTime(at: Date, zone = readerZone()): WallTime {
  if (zone === deviceZone())
    return {
      year: at.getFullYear(),
      month: at.getMonth() + 1,
      day: at.getDate(),
      hour: at.getHours(),
      minute: at.getMinutes(),
    };
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}

/**
 * The time at which the clocks of the zone show this wall time; a day or month out of range is carried over. A wall
 * time that is skipped in spring is the time after it; of one that occurs twice in autumn the first.
 */
export function timeAt({ year, month, day, hour, minute }: WallTime, zone = readerZone()): Date {
  if (zone === deviceZone()) return new Date(year, month - 1, day, hour, minute);
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  const before = wanted - offsetAt(zone, wanted - DAY);
  const after = wanted - offsetAt(zone, wanted + DAY);
  const shows = (at: number) => at + offsetAt(zone, at) === wanted;
  return new Date(shows(before) || !shows(after) ? before : after);
}

const DAY = 86_400_000;

/** The milliseconds that the clocks of the zone are ahead of UTC. */
function offsetAt(zone: string, at: number): number {
  const { year, month, day, hour, minute } = wallTime(new Date(at), zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / 60_000) * 60_000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const held =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  clocks.set(zone, held);
  return held;
}
