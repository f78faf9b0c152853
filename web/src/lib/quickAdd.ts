import { useEffect, useEffectEvent } from "react";

let wanted: string | null = null;
const listeners = new Set<() => void>();

/** Asks for the quick-add field, with this text in it; it is shown when its page opens. */
export function requestQuickAdd(text = "") {
  wanted = text;
  for (const listener of [...listeners]) listener();
}

/** Handles requests for the quick-add field, also one that was made before the field was there. */
export function useQuickAddRequest(onRequest: (text: string) => void) {
  const handle = useEffectEvent(() => {
    if (wanted === null) return;
    const text = wanted;
    wanted = null;
    onRequest(text);
  });
  useEffect(() => {
    const listener = () => handle();
    listeners.add(listener);
    listener();
    return () => {
      listeners.delete(listener);
    };
  }, []);
}
