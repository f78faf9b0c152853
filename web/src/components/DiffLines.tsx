import { diffLines } from "diff";
import { useMemo } from "react";
import { useText } from "@/lib/language";

const CONTEXT_LINES = 3;
// Comparing takes time with the square of the changed lines. Texts with more changes are shown one after the other.
const MAX_CHANGED_LINES = 2_000;
const MAX_SHOWN_LINES = 5_000;

type Line = { sign: "+" | "-" | " " | "…"; text: string };

const looks: Record<Line["sign"], string> = {
  "+": "bg-moss/12",
  "-": "bg-rust/12",
  " ": "text-soft",
  "…": "text-faint select-none",
};

export function DiffLines({ before, after }: { before: string; after: string }) {
  const text = useText();
  const lines = useMemo(() => compareLines(before, after), [before, after]);
  if (lines.every((line) => line.sign === " " || line.sign === "…")) {
    return <p className="text-sm text-faint">{text.unchanged}</p>;
  }
  return (
    <div tabIndex={0} role="region" aria-label={text.changes} className="overflow-x-auto rounded-lg font-mono text-xs">
      {lines.slice(0, MAX_SHOWN_LINES).map((line, index) => (
        <div key={index} className={`flex min-w-full whitespace-pre-wrap ${looks[line.sign]}`}>
          <span className="w-6 shrink-0 text-center text-faint">
            {line.sign}
            {line.sign === "+" && <span className="sr-only">{text.added}</span>}
            {line.sign === "-" && <span className="sr-only">{text.removed}</span>}
          </span>
          <span className="min-w-0 wrap-anywhere">{line.text || " "}</span>
        </div>
      ))}
      {lines.length > MAX_SHOWN_LINES && (
        <p className="p-2 text-faint">{text.moreLines(lines.length - MAX_SHOWN_LINES)}</p>
      )}
    </div>
  );
}

/** The lines of both texts, each marked as added, removed or unchanged; long unchanged parts are left out. */
export function compareLines(before: string, after: string): Line[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_CHANGED_LINES }) ?? [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
  return parts.flatMap(({ added, removed, value }, index): Line[] => {
    const lines = value.replace(/\n$/, "").split("\n");
    if (added || removed) return lines.map((text) => ({ sign: added ? "+" : "-", text }));
    const head = index === 0 ? 0 : CONTEXT_LINES;
    const tail = index === parts.length - 1 ? 0 : CONTEXT_LINES;
    const same = (text: string): Line => ({ sign: " ", text });
    if (lines.length <= head + tail + 1) return lines.map(same);
    return [
      ...lines.slice(0, head).map(same),
      { sign: "…", text: "" },
      ...(tail === 0 ? [] : lines.slice(-tail)).map(same),
    ];
  });
}
