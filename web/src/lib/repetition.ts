import type { Language } from "@/lib/language";
import { plural } from "@/lib/text/plural";

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const KNOWN = new Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"]);
// A Sunday, from which the names of weekdays and months are formatted.
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY = 24 * 3_600_000;

type Words = {
  every: Record<string, readonly [string, string]>;
  /** A weekday, or the weekday at a position in the month; -1 is the last. */
  weekday: (name: string, nth: number | null) => string;
  monthDay: (n: number) => string;
  list: (items: readonly string[]) => string;
  on: (list: string) => string;
  months: (list: string) => string;
  times: (n: number) => string;
  until: (date: string) => string;
  join: (every: string, parts: { months: string; days: string; end: string }) => string;
};

const SUFFIXES: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const ordinal = (n: number) => `${n}${SUFFIXES[ordinals.select(n)] ?? "th"}`;
const place = (n: number) => (n > 0 ? ordinal(n) : n === -1 ? "last" : `${ordinal(-n)} to last`);
const jaPlace = (n: number) => (n > 0 ? `第${n}` : n === -1 ? "最終" : `最後から${-n}番目の`);
const sentence = (...parts: readonly string[]) => parts.filter(Boolean).join(" ");

const words: Record<Language, Words> = {
  en: {
    every: {
      MINUTELY: ["Every minute", "Every # minutes"],
      HOURLY: ["Every hour", "Every # hours"],
      DAILY: ["Every day", "Every # days"],
      WEEKLY: ["Every week", "Every # weeks"],
      MONTHLY: ["Every month", "Every # months"],
      YEARLY: ["Every year", "Every # years"],
    },
    weekday: (name, nth) => (nth === null ? name : `the ${place(nth)} ${name}`),
    monthDay: (n) => (n > 0 ? `the ${ordinal(n)}` : `the ${place(n)} day`),
    list: (items) => new Intl.ListFormat("en", { type: "conjunction" }).format(items),
    on: (list) => `on ${list}`,
    months: (list) => `in ${list}`,
    times: (n) => plural("en", n, { one: "# time", other: "# times" }),
    until: (date) => `until ${date}`,
    join: (every, { months, days, end }) => sentence(every, days, months) + (end && `, ${end}`),
  },
  ja: {
    every: {
      MINUTELY: ["毎分", "#分ごと"],
      HOURLY: ["毎時", "#時間ごと"],
      DAILY: ["毎日", "#日ごと"],
      WEEKLY: ["毎週", "#週間ごと"],
      MONTHLY: ["毎月", "#か月ごと"],
      YEARLY: ["毎年", "#年ごと"],
    },
    weekday: (name, nth) => `${nth === null ? "" : jaPlace(nth)}${name}`,
    monthDay: (n) => (n > 0 ? `${n}日` : n === -1 ? "末日" : `末日から${-n}日目`),
    list: (items) => items.join("・"),
    on: (list) => list,
    months: (list) => list,
    times: (n) => `${n}回`,
    until: (date) => `${date}まで`,
    join: (every, { months, days, end }) => sentence(every, months, days) + (end && `、${end}`),
  },
};

/** An RRULE value of RFC 5545 in words; the value itself when it has a part that is not known. */
export function repetitionOf(rule: string, language: Language): string {
  const given = new Map(rule.split(";").map((part) => part.split("=", 2) as [string, string]));
  const say = words[language];
  const every = say.every[given.get("FREQ") ?? ""];
  if (!every || [...given.keys()].some((name) => !KNOWN.has(name))) return rule;
  const listed = (name: string) => given.get(name)?.split(",") ?? [];
  const interval = Number(given.get("INTERVAL") ?? 1);
  const weekdays = listed("BYDAY").map((each) => {
    const nth = each.slice(0, -2);
    const at = SUNDAY + WEEKDAYS.indexOf(each.slice(-2)) * DAY;
    return say.weekday(named(at, language, { weekday: "long" }), nth === "" ? null : Number(nth));
  });
  const monthDays = listed("BYMONTHDAY").map((each) => say.monthDay(Number(each)));
  const months = listed("BYMONTH").map((each) =>
    named(Date.UTC(2023, Number(each) - 1, 1), language, { month: "long" }),
  );
  return say.join(every[interval === 1 ? 0 : 1].replace("#", String(interval)), {
    months: months.length > 0 ? say.months(say.list(months)) : "",
    days: sentence(...[weekdays, monthDays].map((days) => (days.length > 0 ? say.on(say.list(days)) : ""))),
    end: endOf(given, language),
  });
}

function endOf(given: ReadonlyMap<string, string>, language: Language): string {
  const count = given.get("COUNT");
  if (count) return words[language].times(Number(count));
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(given.get("UNTIL") ?? "") ?? [];
  if (!year) return "";
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return words[language].until(named(at, language, { dateStyle: "long" }));
}

function named(at: number, language: Language, format: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...format, timeZone: "UTC" }).format(at);
}

/** The rules that a person may choose for what is first due at this local time. */
export function usualRules(at: Date): readonly string[] {
  return [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    `FREQ=WEEKLY;BYDAY=${weekdayOf(at)}`,
    `FREQ=MONTHLY;BYMONTHDAY=${monthDayOf(at)}`,
    `FREQ=YEARLY;BYMONTH=${at.getMonth() + 1};BYMONTHDAY=${at.getDate()}`,
  ];
}

/** The rule when all times move to this local one: its weekday or its day of the month changes when it names only one. */
export function movedRule(rule: string, to: Date): string {
  if (/^FREQ=WEEKLY\b/.test(rule)) return rule.replace(/BYDAY=[A-Z]{2}(?=;|$)/, `BYDAY=${weekdayOf(to)}`);
  if (/^FREQ=YEARLY\b/.test(rule)) {
    return rule
      .replace(/BYMONTH=\d+(?=;|$)/, `BYMONTH=${to.getMonth() + 1}`)
      .replace(/BYMONTHDAY=\d+(?=;|$)/, `BYMONTHDAY=${to.getDate()}`);
  }
  return rule.replace(/BYMONTHDAY=-?\d+(?=;|$)/, `BYMONTHDAY=${monthDayOf(to)}`);
}

const weekdayOf = (at: Date) => WEEKDAYS[at.getDay()] ?? "MO";

/** The day of the month; -1 for the last one, which not every month has. */
function monthDayOf(at: Date): number {
  const last = new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate();
  return at.getDate() === last ? -1 : at.getDate();
}
