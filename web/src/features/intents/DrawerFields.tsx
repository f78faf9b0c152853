import { type ComponentType, type ReactNode, useId } from "react";
import { RouteLink } from "@/components/RouteLink";
import { fullDate } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { DueForm, type FieldFormProps } from "./DueForm";
import { LabelsForm } from "./LabelsForm";
import { PriorityForm } from "./PriorityForm";
import { RepeatForm } from "./RepeatForm";
import { type Values, valueOf } from "./fieldValues";
import { useFieldSave } from "./useFieldSave";
import { type Intent, canEdit, isOpen } from "./useIntents";
import { useMinute } from "./useMinute";
import { useReturningFocus } from "./useReturningFocus";
import { useActorName, usePeople } from "@/lib/people";
import { AssigneeChoice } from "./AssigneeChoice";

/** The fields of an intent in the drawer; each is edited in its place and saved by itself. */
export function DrawerFields({ intent }: { intent: Intent }) {
  const { intents: text } = useText();
  const editable = canEdit(intent);
  const { dueAt, labels, priority, recurrence } = intent;
  const row = { intent, editable };
  return (
    <dl className="mt-4 grid grid-cols-[minmax(5.5rem,auto)_1fr] items-baseline gap-x-3 text-sm">
      {(editable || dueAt) && <Row {...row} field="dueAt" name={text.due} form={DueForm} />}
      {dueAt && (editable || recurrence) && <Row {...row} field="recurrence" name={text.repeats} form={RepeatForm} />}
      {(editable || priority > 0) && <Row {...row} field="priority" name={text.priority} form={PriorityForm} />}
      <Row
        intent={intent}
        editable={!intent.readOnly}
        field="labels"
        name={text.labels}
        form={LabelsForm}
        faint={labels.length === 0}
      />
      <AssigneeRow {...row} />
    </dl>
  );
}

type RowProps = {
  intent: Intent;
  editable: boolean;
  field: keyof Values;
  name: string;
  form: ComponentType<FieldFormProps>;
  faint?: boolean;
};

function Row({ intent, editable, field, name, form: Form, faint = false }: RowProps) {
  const { language, text } = useLanguage();
  const { editing, setEditing, button } = useReturningFocus();
  const value = valueOf(field, intent, language, text.intents);
  const tone = useTone(field, intent) ?? (faint ? "text-faint" : "");
  if (editing) {
    return (
      <div className="col-span-2 my-1.5 rounded-xl border border-line bg-raised p-3.5">
        <dt className="sr-only">{name}</dt>
        <dd>
          <Form intent={intent} onDone={() => setEditing(false)} />
        </dd>
      </div>
    );
  }
  return (
    <Cells name={name}>
      {editable ? (
        <button
          ref={button}
          type="button"
          aria-label={`${name}: ${value}`}
          title={field === "dueAt" && intent.dueAt ? fullDate(intent.dueAt, language) : undefined}
          onClick={() => setEditing(true)}
          className={`-ml-2 min-h-8 max-w-full rounded-lg px-2 text-start wrap-anywhere hover:bg-hover pointer-coarse:min-h-10 ${tone}`}
        >
          {value}
        </button>
      ) : (
        <span className={tone}>{value}</span>
      )}
    </Cells>
  );
}

function useTone(field: keyof Values, intent: Intent): string | null {
  const now = useMinute();
  if (field !== "dueAt" || !isOpen(intent) || !intent.dueAt) return null;
  return new Date(intent.dueAt) < now ? "font-medium text-rust" : "text-ember";
}

function Cells({ name, id, children }: { name: string; id?: string; children: ReactNode }) {
  return (
    <>
      <dt id={id} className="py-1 text-xs text-faint">
        {name}
      </dt>
      <dd className="min-w-0 py-0.5">{children}</dd>
    </>
  );
}

/** Hands a to-do to the assistant, or takes work from it; says what is missing when no model is configured. */
function AssigneeRow({ intent, editable }: { intent: Intent; editable: boolean }) {
  const text = useText();
  const problem = useId();
  const saving = useFieldSave(intent, "assignee", "assigneeId");
  const { assignees, assignee: name } = text.intents;
  const actorName = useActorName();
  const { viewerId } = usePeople();
  if (!editable) {
    const other = intent.assigneeId && intent.assigneeId !== viewerId;
    return <Cells name={name}>{other ? actorName(intent.assigneeId ?? "") : assignees[intent.assignee]}</Cells>;
  }
  return (
    <Cells name={name}>
      <div aria-describedby={problem} className="w-fit">
        <AssigneeChoice
          label={name}
          projectId={intent.project.id}
          assignee={intent.assignee}
          assigneeId={intent.assigneeId}
          onChange={(assigned) => void saving.save(assigned, intent)}
        />
      </div>
      <p id={problem} role="alert" className="mt-1 text-sm text-rust empty:hidden">
        {saving.refusal === "intent.no_model" ? (
          <>
            {text.intents.noModelHint}{" "}
            <RouteLink to={toPage("settings")} className="text-wave underline underline-offset-4">
              {text.settings.title}
            </RouteLink>
          </>
        ) : (
          saving.problem
        )}
      </p>
    </Cells>
  );
}
