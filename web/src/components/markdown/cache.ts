import type { ReactNode } from "react";

const MAX_ENTRIES = 100;
const MAX_LENGTH = 10_000;
const trees = new Map<string, ReactNode>();

/** The rendered tree of a recently shown text. */
export function cachedMarkdown(text: string): ReactNode {
  return trees.get(text);
}

/** Caches the last rendered texts: scrolling back shows the same texts again. */
export function cacheMarkdown(text: string, tree: ReactNode) {
  if (text.length > MAX_LENGTH || trees.has(text)) return;
  const oldest = trees.keys().next();
  if (trees.size >= MAX_ENTRIES && !oldest.done) trees.delete(oldest.value);
  trees.set(text, tree);
}
