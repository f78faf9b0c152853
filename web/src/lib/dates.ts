import type { Language } from "@/lib/language";
import { readerZone, timeAt, wallTime } from "@/lib/zone";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = perReader((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }));
const medium = ofDates({ dateStyle: "medium" });
const full = ofDates({ dateStyle: "full", timeStyle: "short" });
const clock = ofDates({ timeStyle: "short" });
const day = ofDates({ month: "short", day: "numeric" });
const digits = ofDates({ month: "numeric", day: "numeric" });
const due = ofDates({ month: "short", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" });

/** The time relative to `now`: "3 minutes ago", "昨日". */
export function timeAgo(at: string, language: Language, now = Date.now()): string {
  const distance = Date.parse(at) - now;
  const format = relative(language);
  const size = Math.abs(distance);
  if (size < MINUTE) return format.format(0, "second");
  if (size < HOUR) return format.format(Math.round(distance / MINUTE), "minute");
  if (size < DAY) return format.format(Math.round(distance / HOUR), "hour");
  if (size < 14 * DAY) return format.format(Math.round(distance / DAY), "day");
  return medium(language).format(Date.parse(at));
}

/** The day of a moment, with its year. */
export function dayOf(at: string, language: Language): string {
  return medium(language).format(Date.parse(at));
}

export function fullDate(at: string, language: Language): string {
  return full(language).format(Date.parse(at));
}

export function clockTime(at: string, language: Language): string {
  return clock(language).format(Date.parse(at));
}

/** A due time: with the date, unless it is today. */
export function dueTime(at: string, language: Language, now = new Date()): string {
  const date = new Date(at);
  if (midnightIn(0, date).getTime() === midnightIn(0, now).getTime()) return clockTime(at, language);
  return due(language).format(date);
}

/** A day on an axis: "Nov 25", or "11/25" where there is little space. */
export function axisDay(at: number, language: Language, narrow = false): string {
  return (narrow ? digits : day)(language).format(at);
}

export type DateGroup = "today" | "yesterday" | "week" | "month" | { year: number; month: number };

/** When a day begins in the reader's time zone: the day of `now`, or the one this many days later. */
export function midnightIn(days: number, now: Date): Date {
  const zone = readerZone();
  const asked = `${now.getTime()} ${zone}`;
  const held = midnights.get(days);
  if (held?.asked === asked) return held.at;
  const today = wallTime(now, zone);
  const at = timeAt({ ...today, day: today.day + days, hour: 0, minute: 0 }, zone);
  midnights.set(days, { asked, at });
  return at;
}

/** The last answers: a list asks for the same one for each of its rows. */
const midnights = new Map<number, { asked: string; at: Date }>();

/** The heading for a date, in days of the reader's time zone. */
export function dateGroup(at: string, now = new Date()): DateGroup {
  const date = new Date(at);
  const days = Math.round((midnightIn(0, now).getTime() - midnightIn(0, date).getTime()) / DAY);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days < 7) return "week";
  if (days < 30) return "month";
  const { year, month } = wallTime(date);
  return { year, month };
}

export function monthName(year: number, month: number, language: Language): string {
  const format = new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" });
  return format.format(Date.UTC(year, month - 1, 1));
}

function ofDates(options: Intl.DateTimeFormatOptions) {
  return perReader((language) => new Intl.DateTimeFormat(language, { ...options, timeZone: readerZone() }));
}

/**
 * Caches one format per language: creating a format costs a hundred times as much as using it. A format keeps the time
 * zone of its creation, so the cache is cleared when the time zone changes.
 */
function perReader<Format>(make: (language: Language) => Format): (language: Language) => Format {
  const made = new Map<Language, Format>();
  let madeIn = "";
  return (language) => {
    const zone = readerZone();
    if (zone !== madeIn) made.clear();
    madeIn = zone;
    const held = made.get(language) ?? make(language);
    made.set(language, held);
    return held;
  };
}
