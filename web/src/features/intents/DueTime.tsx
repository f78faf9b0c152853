import { Icon } from "@/components/Icon";
import { dueTime, fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { type Intent, isOpen } from "./useIntents";

/** When an open intent is due; nothing without a due time. */
export function DueTime({ intent, className }: { intent: Intent; className: string }) {
  const { language, text } = useLanguage();
  const { dueAt } = intent;
  if (!dueAt || !isOpen(intent)) return null;
  return (
    <p className={`flex items-center gap-1.5 text-xs text-ember ${className}`} title={fullDate(dueAt, language)}>
      <Icon name="clock" />
      {text.intents.dueAt(dueTime(dueAt, language))}
    </p>
  );
}
