/** A response that was requested before the scripts of the client arrived; null when the request failed. */
export type EarlyAnswer = { key: string; at: number; data: Promise<unknown> };

declare global {
  // Set by the early script, which shares no module with the client.
  var earlyAnswers: EarlyAnswer[] | undefined;
}

const FRESH_MS = 10_000;

/** The early response to a query, once; null when there is none, or when it failed or is no longer new. */
export async function takeEarlyAnswer(name: string | undefined, variables: unknown): Promise<unknown> {
  const answers = globalThis.earlyAnswers ?? [];
  const index = answers.findIndex(({ key }) => key === `${name} ${JSON.stringify(variables)}`);
  const [found] = index < 0 ? [] : answers.splice(index, 1);
  return found && performance.now() - found.at < FRESH_MS ? await found.data : null;
}
