import { useEffect, useEffectEvent } from "react";

/** Calls `action` when the reader comes back to this window. */
export function useOnReturn(action: () => void) {
  const onReturn = useEffectEvent(() => {
    if (document.visibilityState === "visible") action();
  });
  useEffect(() => {
    const listener = () => onReturn();
    document.addEventListener("visibilitychange", listener);
    return () => document.removeEventListener("visibilitychange", listener);
  }, []);
}
