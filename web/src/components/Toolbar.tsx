import type { ReactNode } from "react";

/** What narrows and orders a page's list, and begins something new; wraps where there is little room. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2 py-3">{children}</div>;
}
