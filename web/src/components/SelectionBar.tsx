import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { useText } from "@/lib/language";

type BarProps = {
  /** The accessible name of the bar, and the text with the number of selected items. */
  label: string;
  counted: string;
  clear: string;
  onClear: () => void;
  onDelete: () => void;
  className?: string;
  /** Further action buttons. */
  children: ReactNode;
};

/** Actions on the selected items. */
export function SelectionBar({ label, counted, clear, onClear, onDelete, className = "", children }: BarProps) {
  const text = useText();
  return (
    <div
      role="toolbar"
      aria-label={label}
      className={`mx-auto flex animate-rise flex-wrap items-center gap-2 rounded-2xl border border-line bg-raised px-4 py-2 shadow-lg ${className}`}
    >
      <span className="mr-2 text-sm font-medium">{counted}</span>
      {children}
      <Button icon="trash" onClick={onDelete}>
        {text.delete}
      </Button>
      <Button look="quiet" onClick={onClear}>
        {clear}
      </Button>
    </div>
  );
}
