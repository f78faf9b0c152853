export type Remembered = { id: string; importance: number; createdAt: string; lastAccessedAt?: string | null };
export type PlotRow = { at: number } & Record<string, number | null>;

const WEEK_MS = 7 * 86_400_000;
const FADES_TO = 0.95;
const AHEAD_WEEKS = 12;
const STEPS = 24;

/** The importance at time `at` without further use: it decays by 5 % per week. */
export function importanceAt({ importance }: Remembered, at: number, now: number): number {
  return Math.min(1, importance * FADES_TO ** ((at - now) / WEEK_MS));
}

/** Rows of a plot from the oldest last use to twelve weeks ahead, a column for each memory; null before its last use. */
export function importanceOver(memories: readonly Remembered[], now: number): PlotRow[] {
  const lastUse = ({ lastAccessedAt, createdAt }: Remembered) => Date.parse(lastAccessedAt ?? createdAt);
  const begin = Math.min(now, ...memories.map(lastUse));
  const end = now + AHEAD_WEEKS * WEEK_MS;
  const moments = Array.from({ length: STEPS + 1 }, (_, step) => begin + ((end - begin) * step) / STEPS);
  return [...new Set([...moments, now, ...memories.map(lastUse)])]
    .sort((a, b) => a - b)
    .map((at) => ({
      at,
      ...Object.fromEntries(
        memories.map((memory) => [memory.id, at < lastUse(memory) ? null : importanceAt(memory, at, now)]),
      ),
    }));
}
