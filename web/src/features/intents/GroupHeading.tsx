import { useLanguage } from "@/lib/language";
import type { DueGroup, Entry } from "./arrange";

type HeadingProps = { entry: Extract<Entry, { kind: "group" }> };

export function GroupHeading({ entry }: HeadingProps) {
  const { language } = useLanguage();
  const name = useGroupName(entry);
  return (
    <h3 className="flex min-h-7 items-center gap-2 px-1.5 text-xs font-medium text-soft">
      <span className="truncate">{name}</span>
      <span className="text-faint tabular-nums">{new Intl.NumberFormat(language).format(entry.count)}</span>
    </h3>
  );
}

function useGroupName({ by, value }: HeadingProps["entry"]): string {
  const { intents: text } = useLanguage().text;
  if (by === "DUE") return text.dueGroups[value as DueGroup];
  if (by === "PRIORITY") return text.priorityOf(Number(value));
  if (by === "ASSIGNEE") return text.assignees[value === "PERSON" ? "PERSON" : "ASSISTANT"];
  return value === "" ? text.noLabel : value;
}
