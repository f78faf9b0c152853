import type { ReactNode } from "react";

/** The controls above a list: filters, order and the create button; wraps on small screens. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2 py-3">{children}</div>;
}
