import { useSyncExternalStore } from "react";

const MINUTE_MS = 60_000;
const listeners = new Set<() => void>();
let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

/** The current time, updated every minute: what was due later is overdue then, and tomorrow becomes today. */
export function useMinute(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

/** All components share one timer. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = new Date();
    timer = setInterval(tick, MINUTE_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick() {
  now = new Date();
  for (const listener of [...listeners]) listener();
}
