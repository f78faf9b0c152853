import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { useText } from "@/lib/language";

type SplitProps = {
  /** The accessible name of the list. */
  label: string;
  open: boolean;
  onBack: () => void;
  list: ReactNode;
  /** Shown next to the list while no item is open. */
  empty: ReactNode;
  children: ReactNode;
};

/** A list and its open item: next to each other on wide screens, otherwise one at a time. */
export function SplitPage({ label, open, onBack, list, empty, children }: SplitProps) {
  const text = useText();
  return (
    <div className="flex min-h-0 flex-1">
      <section
        aria-label={label}
        className={`min-h-0 w-full flex-col border-line lg:flex lg:w-96 lg:shrink-0 lg:border-r ${open ? "hidden" : "flex"}`}
      >
        {list}
      </section>
      <div className={`min-h-0 min-w-0 flex-1 flex-col overflow-y-auto lg:flex ${open ? "flex" : "hidden"}`}>
        {open ? (
          <>
            <Button look="quiet" icon="left" className="m-2 self-start lg:hidden" onClick={onBack}>
              {text.back}
            </Button>
            {children}
          </>
        ) : (
          <div className="m-auto">{empty}</div>
        )}
      </div>
    </div>
  );
}
