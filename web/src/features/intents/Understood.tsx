import { Popover } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/Button";
import { Icon, type IconName } from "@/components/Icon";
import { useAttempt } from "@/components/Toasts";
import { useEscape } from "@/components/useEscape";
import { dueTime, fullDate } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { repetitionOf } from "@/lib/repetition";
import { type ChosenTime, WhenFields, useWhen } from "./WhenFields";
import { type Changes, assigneeOf, dueOf, labelsOf, recurrenceOf } from "./quickAddInput";
import type { TypedTask } from "./useTypedTask";

type UnderstoodProps = { task: TypedTask; changes: Changes; onChange: (changes: Changes) => void };

/** What was understood of a line; each part can be changed or taken out. */
export function Understood({ task, changes, onChange }: UnderstoodProps) {
  const { intents: text } = useText();
  const assignee = assigneeOf(task, changes);
  const priority = changes.withoutPriority ? null : (task.priority ?? null);
  const change = (changed: Changes) => onChange({ ...changes, ...changed });
  return (
    <div className="flex flex-wrap items-center gap-1.5 pt-2 text-xs">
      <Due task={task} changes={changes} onChange={onChange} />
      {labelsOf(task, changes).map((label) => (
        <Part
          key={label}
          icon="tag"
          without={text.withoutIt(label)}
          onRemove={() => change({ withoutLabels: [...(changes.withoutLabels ?? []), label] })}
        >
          {label}
        </Part>
      ))}
      {priority !== null && (
        <Part
          icon="alert"
          without={text.withoutIt(text.priorityOf(priority))}
          onRemove={() => change({ withoutPriority: true })}
        >
          {text.priorityOf(priority)}
        </Part>
      )}
      {task.reminder && assignee === "ASSISTANT" && changes.dueAt !== null && <Part icon="bell">{text.reminds}</Part>}
      <button
        type="button"
        title={assignee === "PERSON" ? text.handToAssistant : text.takeOver}
        onClick={() => change({ assignee: assignee === "PERSON" ? "ASSISTANT" : "PERSON" })}
        className="inline-flex min-h-7 items-center gap-1.5 rounded-full bg-hover px-2.5 hover:text-wave"
      >
        <Icon name="person" />
        {text.assignees[assignee]}
      </button>
      {task.unread && changes.dueAt === undefined && <span className="text-ember">{text.unreadTime(task.unread)}</span>}
      {task.past && changes.dueAt === undefined && <span className="text-ember">{text.pastTime}</span>}
    </div>
  );
}

function Due({ task, changes, onChange }: UnderstoodProps) {
  const { language, text } = useLanguage();
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  const dueAt = dueOf(task, changes);
  const rule = recurrenceOf(task, changes);
  const repeats = rule && repetitionOf(rule, language);
  const shown = dueAt === null ? text.intents.noDue : dueTime(dueAt, language);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <span
        className={`inline-flex items-center rounded-full bg-hover ${dueAt === null ? "text-faint" : "text-ember"}`}
      >
        <Popover.Trigger
          title={dueAt === null ? text.intents.editDue : fullDate(dueAt, language)}
          aria-label={`${text.intents.editDue}: ${repeats ? `${repeats}, ` : ""}${shown}`}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-full px-2.5 hover:text-wave"
        >
          <Icon name={repeats ? "again" : "clock"} />
          {repeats && `${repeats} · `}
          {shown}
        </Popover.Trigger>
        {dueAt !== null && (
          <Remove without={text.intents.withoutIt(shown)} onRemove={() => onChange({ ...changes, dueAt: null })} />
        )}
      </span>
      <Popover.Portal>
        <Popover.Content
          aria-label={text.intents.editDue}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 w-[min(20rem,calc(100vw-1rem))] animate-rise rounded-xl border border-line bg-raised p-4 shadow-lg"
        >
          <DueForm
            at={dueAt}
            onDone={(chosen) => {
              onChange({ ...changes, ...chosen });
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function DueForm({ at, onDone }: { at: string | null; onDone: (chosen: ChosenTime) => void }) {
  const text = useText();
  const attempt = useAttempt();
  const when = useWhen(at);
  const save = () =>
    attempt(async () => {
      const chosen = await when.resolve();
      if (chosen) onDone(chosen);
    });
  return (
    <form
      onSubmit={(event) => {
        // The portal is inside the form of the line, as React sees it.
        event.preventDefault();
        event.stopPropagation();
        void save();
      }}
      className="space-y-3"
    >
      <WhenFields when={when} />
      <div className="flex justify-end">
        <Button look="primary" type="submit">
          {text.save}
        </Button>
      </div>
    </form>
  );
}

type PartProps = { icon: IconName; children: ReactNode; without?: string; onRemove?: () => void };

function Part({ icon, children, without, onRemove }: PartProps) {
  return (
    <span className="inline-flex min-h-7 items-center gap-1.5 rounded-full bg-hover pl-2.5 text-soft last:pr-2.5">
      <Icon name={icon} />
      {children}
      {onRemove && without ? <Remove without={without} onRemove={onRemove} /> : <span className="w-1" />}
    </span>
  );
}

function Remove({ without, onRemove }: { without: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      aria-label={without}
      title={without}
      onClick={onRemove}
      className="inline-flex size-7 items-center justify-center rounded-full hover:text-rust"
    >
      <Icon name="close" />
    </button>
  );
}
