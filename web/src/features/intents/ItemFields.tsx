import type { ReactNode } from "react";
import { Icon } from "@/components/Icon";
import { dueTime, fullDate } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { repetitionOf } from "@/lib/repetition";
import { type Intent, canEdit, isOpen } from "./useIntents";
import { useMinute } from "./useMinute";
import { type Field, useWorkbench } from "./useWorkbench";

type FieldProps = { intent: Intent; tabbable: boolean };

const look = "relative z-10 inline-flex min-h-6 max-w-full items-center gap-1 rounded-md px-1 text-xs hover:bg-hover";

type ButtonProps = FieldProps & { field: Field; name: string; className?: string; children: ReactNode };

/** A value of an item that opens its editor; plain text where the value cannot be changed any more. */
function FieldButton({ intent, tabbable, field, name, className = "", children }: ButtonProps) {
  const { open } = useWorkbench();
  if (intent.readOnly || (field !== "labels" && !canEdit(intent)))
    return <span className={`${look} ${className}`}>{children}</span>;
  return (
    <button
      type="button"
      data-no-drag
      tabIndex={tabbable ? 0 : -1}
      title={name}
      onClick={(event) => open({ id: intent.id, field, anchor: event.currentTarget })}
      className={`${look} ${className}`}
    >
      {children}
    </button>
  );
}

/** The due time; `empty` is shown without one. */
export function DueField({ intent, tabbable, empty = null }: FieldProps & { empty?: ReactNode }) {
  const { language, text } = useLanguage();
  const { dueAt, recurrence } = intent;
  const now = useMinute();
  if (!dueAt && empty === null) return null;
  const overdue = dueAt != null && isOpen(intent) && new Date(dueAt) < now;
  const tone = !dueAt || !isOpen(intent) ? "text-faint" : overdue ? "text-rust font-medium" : "text-ember";
  return (
    <FieldButton
      intent={intent}
      tabbable={tabbable}
      field="due"
      name={dueAt ? `${text.intents.editDue} (${fullDate(dueAt, language)})` : text.intents.editDue}
      className={tone}
    >
      {dueAt ? (
        <>
          <Icon name={overdue ? "alert" : recurrence ? "again" : "clock"} />
          <span className="truncate" title={recurrence ? repetitionOf(recurrence, language) : undefined}>
            {overdue && <span className="sr-only">{text.intents.dueGroups.OVERDUE}: </span>}
            {dueTime(dueAt, language)}
          </span>
        </>
      ) : (
        empty
      )}
    </FieldButton>
  );
}

export function LabelsField({ intent, tabbable, empty = null }: FieldProps & { empty?: ReactNode }) {
  const { intents: text } = useText();
  if (intent.labels.length === 0 && empty === null) return null;
  return (
    <FieldButton
      intent={intent}
      tabbable={tabbable}
      field="labels"
      name={text.editLabels}
      className="flex-wrap text-soft"
    >
      {intent.labels.length === 0
        ? empty
        : intent.labels.map((label) => (
            <span key={label} className="max-w-32 truncate rounded-full bg-hover px-1.5">
              {label}
            </span>
          ))}
    </FieldButton>
  );
}

export function PriorityField({ intent, tabbable, short = false }: FieldProps & { short?: boolean }) {
  const { intents: text } = useText();
  const { priority } = intent;
  if (priority === 0 && !short) return null;
  return (
    <FieldButton
      intent={intent}
      tabbable={tabbable}
      field="priority"
      name={text.editPriority}
      className={priority > 0 ? "font-medium text-wave" : "text-faint"}
    >
      {short ? priority : text.priorityOf(priority)}
    </FieldButton>
  );
}

/** A menu with all actions of the item. */
export function MenuButton({ intent, tabbable, label }: FieldProps & { label: string }) {
  const { open } = useWorkbench();
  return (
    <button
      type="button"
      data-no-drag
      tabIndex={tabbable ? 0 : -1}
      aria-label={label}
      title={label}
      aria-haspopup="menu"
      onClick={(event) => open({ id: intent.id, field: "menu", anchor: event.currentTarget })}
      className="relative z-10 -m-1 inline-flex size-7 shrink-0 items-center justify-center rounded-lg text-faint hover:bg-hover hover:text-ink pointer-coarse:size-9"
    >
      <Icon name="more" className="size-4" />
    </button>
  );
}
