import { createContext, use, useState } from "react";

/** Whether what is mounted now is flying past: a list says so to its rows while it is scrolled. */
export const FastScrollContext = createContext<() => boolean>(() => false);

/** Whether this was mounted in a hurry, and may show itself simply at first. */
export function useMountedDuringFastScroll(): boolean {
  const isFastScroll = use(FastScrollContext);
  const [mountedWhileScrolling] = useState(isFastScroll);
  return mountedWhileScrolling;
}
