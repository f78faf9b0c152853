import type { Language } from "@/lib/language";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = perLanguage((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }));
const medium = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }));
const full = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }));
const clock = perLanguage((language) => new Intl.DateTimeFormat(language, { timeStyle: "short" }));

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

export function fullDate(at: string, language: Language): string {
  return full(language).format(Date.parse(at));
}

export function clockTime(at: string, language: Language): string {
  return clock(language).format(Date.parse(at));
}

/** A due time: with the date, unless it is today. */
export function dueTime(at: string, language: Language, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return clockTime(at, language);
  return new Intl.DateTimeFormat(language, {
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
  }).format(date);
}

export type DateGroup = "today" | "yesterday" | "week" | "month" | { year: number; month: number };

/** When a day begins in the reader's time zone: the day of `now`, or the one this many days later. */
export const midnightIn = (days: number, now: Date) =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);

/** The heading for a date, in days of the reader's time zone. */
export function dateGroup(at: string, now = new Date()): DateGroup {
  const date = new Date(at);
  const days = Math.round((midnightIn(0, now).getTime() - midnightIn(0, date).getTime()) / DAY);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days < 7) return "week";
  if (days < 30) return "month";
  return { year: date.getFullYear(), month: date.getMonth() };
}

export function monthName(year: number, month: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { year: "numeric", month: "long" }).format(new Date(year, month, 1));
}

/**
 * Caches one format per language: creating a format costs a hundred times as much as using it. A format keeps the time
 * zone of its creation, so the cache is cleared when the time zone changes.
 */
function perLanguage<Format>(make: (language: Language) => Format): (language: Language) => Format {
  const made = new Map<Language, Format>();
  let madeAt = 0;
  return (language) => {
    const offset = new Date().getTimezoneOffset();
    if (offset !== madeAt) made.clear();
    madeAt = offset;
    const held = made.get(language) ?? make(language);
    made.set(language, held);
    return held;
  };
}
