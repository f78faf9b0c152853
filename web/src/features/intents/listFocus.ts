import type { Entry } from "./arrange";

const FRAMES_TO_RENDER = 20;

/** The place of the item at `index`, or of the nearest one beyond a heading in this direction; null without items. */
export function nearestItem(entries: readonly Entry[], index: number, direction = 1): number | null {
  const at = Math.max(0, Math.min(entries.length - 1, index));
  const isItem = (place: number) => entries[place]?.kind === "intent";
  if (isItem(at)) return at;
  const step = index > at ? -1 : direction < 0 ? -1 : 1;
  for (let away = 1; away < entries.length; away++) {
    if (isItem(at + away * step)) return at + away * step;
    if (isItem(at - away * step)) return at - away * step;
  }
  return null;
}

export const firstItem = (entries: readonly Entry[]) => entries.find(({ kind }) => kind === "intent")?.key ?? null;

export const indexOfItem = (entries: readonly Entry[], id: string) =>
  entries.findIndex((entry) => entry.kind === "intent" && entry.intent.id === id);

/** Focuses the link of the item at `index`. The list renders an item only after it has scrolled to it. */
export function focusWhenRendered(box: HTMLElement | null, index: number, frames = FRAMES_TO_RENDER) {
  const link = box?.querySelector<HTMLElement>(`[data-index="${index}"] [data-item-link]`);
  if (link) link.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusWhenRendered(box, index, frames - 1));
}
