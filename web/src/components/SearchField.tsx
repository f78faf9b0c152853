import { Icon } from "@/components/Icon";

type SearchProps = { label: string; value: string; onChange: (value: string) => void; className?: string };

/** A field that filters a list while typing; Escape clears it. */
export function SearchField({ label, value, onChange, className = "" }: SearchProps) {
  return (
    <div className={`relative flex items-center ${className}`}>
      <Icon name="search" className="pointer-events-none absolute left-2.5 size-4 text-faint" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onChange("");
        }}
        className="min-h-9 w-full rounded-lg border border-transparent bg-hover pr-2 pl-8.5 text-sm placeholder:text-faint focus-visible:outline-offset-0"
      />
    </div>
  );
}
