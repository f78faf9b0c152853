import { createContext, use, useState } from "react";

/** Set by a list: whether it is being scrolled fast at the moment. */
export const FastScrollContext = createContext<() => boolean>(() => false);

/** Whether the component was mounted during a fast scroll, and may defer expensive rendering. */
export function useMountedDuringFastScroll(): boolean {
  const isFastScroll = use(FastScrollContext);
  const [mountedWhileScrolling] = useState(isFastScroll);
  return mountedWhileScrolling;
}
