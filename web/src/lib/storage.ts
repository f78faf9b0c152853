import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
// What storage refuses, in some private windows or when it is full, is remembered for as long as the page lives.
const unstored = new Map<string, string>();

/** A string kept in this browser, shared by every component and window that asks for it. */
export function useStorage(key: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => readStorage(key));
  const store = useCallback((next: string | null) => writeStorage(key, next), [key]);
  return [value, store];
}

export function readStorage(key: string): string | null {
  try {
    return unstored.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeStorage(key: string, value: string | null) {
  unstored.delete(key);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    if (value !== null) unstored.set(key, value);
  }
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}
