import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
// Storage can be refused, in some private windows or when it is full: such values last as long as the page.
const memory = new Map<string, string>();

/** A string in local storage, shared by all components and windows. */
export function useStorage(key: string): [string | null, (value: string | null) => void] {
  const read = () => readStorage(key);
  const value = useSyncExternalStore(subscribeToStorage, read, read);
  const store = useCallback((next: string | null) => writeStorage(key, next), [key]);
  return [value, store];
}

export function readStorage(key: string): string | null {
  try {
    return memory.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeStorage(key: string, value: string | null) {
  memory.delete(key);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    if (value !== null) memory.set(key, value);
  }
  for (const listener of [...listeners]) listener();
}

/** Calls the listener when any value changes, in this window or another. */
export function subscribeToStorage(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}
