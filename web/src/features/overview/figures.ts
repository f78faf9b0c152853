import type { IntentStatus, OverviewQuery } from "@/gql/graphql";

export type DayFigures = OverviewQuery["overview"][number];

export type StatusDay = { day: number } & Record<IntentStatus, number>;
export type TimesDay = { day: number; answer: number | null; intent: number | null };
export type TokensDay = { day: number; input: number; cached: number; output: number };

const NONE: Record<IntentStatus, number> = {
  PENDING: 0,
  AWAITING_CONFIRMATION: 0,
  PROCESSING: 0,
  COMPLETED: 0,
  FAILED: 0,
  CANCELLED: 0,
};

const dayOf = ({ start }: DayFigures) => Date.parse(start);

/** The number of intents by status at the end of each day; for today, now. */
export function statusesOver(days: readonly DayFigures[]): StatusDay[] {
  return days.map((day) => ({
    day: dayOf(day),
    ...NONE,
    ...Object.fromEntries(day.statuses.map(({ status, count }) => [status, count])),
  }));
}

/** The median seconds of a reply and of an intent; null when none ended. */
export function timesOver(days: readonly DayFigures[]): TimesDay[] {
  return days.map((day) => ({
    day: dayOf(day),
    answer: day.answerSeconds ?? null,
    intent: day.intentSeconds ?? null,
  }));
}

/** The tokens of each day; `cached` are those read from the provider's cache. */
export function tokensOver(days: readonly DayFigures[]): TokensDay[] {
  return days.map((day) => ({
    day: dayOf(day),
    input: day.inputTokens,
    cached: day.cachedTokens,
    output: day.outputTokens,
  }));
}
