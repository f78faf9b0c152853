import type { ReactNode } from "react";

const MOST_KEPT = 100;
const LONGEST_KEPT = 10_000;
const kept = new Map<string, ReactNode>();

/** What was made of a text that was shown lately. */
export function cachedMarkdown(text: string): ReactNode {
  return kept.get(text);
}

/** Holds on to what was parsed last: a list that is scrolled to and fro shows the same texts again and again. */
export function cacheMarkdown(text: string, tree: ReactNode) {
  if (text.length > LONGEST_KEPT || kept.has(text)) return;
  const oldest = kept.keys().next();
  if (kept.size >= MOST_KEPT && !oldest.done) kept.delete(oldest.value);
  kept.set(text, tree);
}
