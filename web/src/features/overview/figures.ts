import type { IntentStatus, OverviewIntentsQuery, OverviewMessagesQuery } from "@/gql/graphql";

export type IntentPast = OverviewIntentsQuery["intents"]["edges"][number]["node"];
export type MessagePast = OverviewMessagesQuery["messages"]["edges"][number]["node"];
export type Past = { intents: readonly IntentPast[]; messages: readonly MessagePast[] };

export type Day = { start: number; end: number };
export type StatusDay = { day: number } & Record<IntentStatus, number>;
export type TimesDay = { day: number; answer: number | null; intent: number | null };
export type TokensDay = { day: number; input: number; cached: number; output: number };

const DAY_MS = 86_400_000;

/** The last `count` days of the reader's calendar, today last. */
export function lastDays(count: number, now = new Date()): Day[] {
  return Array.from({ length: count }, (_, index) => {
    const back = count - 1 - index;
    const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back).getTime();
    const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back + 1).getTime();
    return { start, end };
  });
}

const within = (at: string | null | undefined, { start, end }: Day) => {
  const time = at ? Date.parse(at) : NaN;
  return time >= start && time < end;
};

/** How many intents stood at each status when each day ended, or stand there now. */
export function statusesOver(days: readonly Day[], intents: readonly IntentPast[]): StatusDay[] {
  return days.map((day) => {
    const counted: StatusDay = {
      day: day.start,
      PENDING: 0,
      AWAITING_CONFIRMATION: 0,
      PROCESSING: 0,
      COMPLETED: 0,
      FAILED: 0,
      CANCELLED: 0,
    };
    for (const { history } of intents) {
      const status = history.findLast(({ at }) => Date.parse(at) < day.end)?.toStatus;
      if (status) counted[status] += 1;
    }
    return counted;
  });
}

/** The median seconds of an answer and of an intent, of those that ended that day; null where none did. */
export function timesOver(days: readonly Day[], { intents, messages }: Past): TimesDay[] {
  return days.map((day) => ({
    day: day.start,
    answer: median(messages.filter((each) => within(each.createdAt, day)).flatMap(answerSeconds)),
    intent: median(intents.filter((each) => within(each.processedAt, day)).flatMap(intentSeconds)),
  }));
}

/** The tokens that answers and intents of each day have used; `cached` are those read from the provider's cache. */
export function tokensOver(days: readonly Day[], { intents, messages }: Past): TokensDay[] {
  return days.map((day) => {
    const total: TokensDay = { day: day.start, input: 0, cached: 0, output: 0 };
    for (const { createdAt, metadata } of [...intents, ...messages]) {
      const usage = within(createdAt, day) ? usageOf(metadata) : null;
      if (!usage) continue;
      total.input += (usage.input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
      total.cached += usage.cache_read_input_tokens ?? 0;
      total.output += usage.output_tokens ?? 0;
    }
    return total;
  });
}

export type Today = { said: number; answered: number; completed: number; failed: number; seconds: number | null };

/** What happened on one day, in a few numbers. */
export function summaryOf(day: Day, { intents, messages }: Past): Today {
  const said = messages.filter((each) => within(each.createdAt, day));
  const ended = intents.filter((each) => within(each.processedAt, day));
  return {
    said: said.filter((each) => each.messageType === "USER").length,
    answered: said.filter((each) => each.messageType === "KANA" && each.status === "COMPLETE").length,
    completed: ended.filter((each) => each.status === "COMPLETED").length,
    failed: ended.filter((each) => each.status === "FAILED").length,
    seconds: median(said.flatMap(answerSeconds)),
  };
}

/** Whether what was read reaches back to before the first of the days. */
export function reaches(days: readonly Day[], oldest: string | undefined): boolean {
  const [first] = days;
  return oldest !== undefined && first !== undefined && Date.parse(oldest) < first.start - DAY_MS;
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

function answerSeconds({ messageType, metadata }: MessagePast): number[] {
  const { durationMs } = (metadata ?? {}) as { durationMs?: unknown };
  return messageType === "KANA" && typeof durationMs === "number" ? [durationMs / 1000] : [];
}

function intentSeconds({ history, processedAt }: IntentPast): number[] {
  const began = history.findLast(({ toStatus }) => toStatus === "PROCESSING")?.at;
  return began && processedAt ? [Math.max(0, Date.parse(processedAt) - Date.parse(began)) / 1000] : [];
}

type Usage = Partial<
  Record<"input_tokens" | "output_tokens" | "cache_creation_input_tokens" | "cache_read_input_tokens", number>
>;

function usageOf(metadata: unknown): Usage | null {
  return (metadata as { usage?: Usage } | null)?.usage ?? null;
}
