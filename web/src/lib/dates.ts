import type { Language } from "@/lib/language";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = perLanguage((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }));
const medium = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }));
const full = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }));
const clock = perLanguage((language) => new Intl.DateTimeFormat(language, { timeStyle: "short" }));

/** "3 minutes ago", "昨日": how long before `now` something happened. */
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

/** A time to come: the day too, unless it is today. */
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

/** Which heading a date stands under, counted in days of the reader's calendar. */
export function dateGroup(at: string, now = new Date()): DateGroup {
  const date = new Date(at);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const days = Math.round(
    (midnight.getTime() - new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()) / DAY,
  );
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
 * Making a format costs a hundred times its use, and each row of a list uses it: one is made for each language. It keeps
 * the time zone that it was made in, so all are made anew for a reader who travels while the page is open.
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
