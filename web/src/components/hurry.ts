import { createContext, use, useState } from "react";

/** Whether what is mounted now is flying past: a list says so to its rows while it is scrolled. */
export const HurryContext = createContext<() => boolean>(() => false);

/** Whether this was mounted in a hurry, and may show itself simply at first. */
export function useHurry(): boolean {
  const hurries = use(HurryContext);
  const [hurried] = useState(hurries);
  return hurried;
}
