import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { FormDialog } from "@/components/Dialog";
import { Field, TextInput, fieldLook } from "@/components/Field";
import { ProjectPicker } from "@/components/ProjectPicker";
import { useAttempt } from "@/components/Toasts";
import type { IntentAssignee, IntentType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { fromLocalField, toLocalField } from "@/lib/localTime";
import { readerZone } from "@/lib/zone";
import { RepeatFields, type Scope, changedTime } from "./RepeatFields";
import { intentTypes } from "./types";
import { type Intent, useIntents } from "./useIntents";

type FormProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  conversationId: string | null;
  /** The intent to change; without it, the form creates one. */
  intent?: Intent;
  /** Accepts the intent once it is changed, for a reminder that waits for its time. */
  confirms?: boolean;
};

export function IntentForm(props: FormProps) {
  const text = useText();
  return (
    <FormDialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={props.confirms ? text.intents.setTime : props.intent ? text.intents.editTitle : text.intents.new}
    >
      <Fields {...props} />
    </FormDialog>
  );
}

function Fields({ onOpenChange, conversationId, intent, confirms = false }: FormProps) {
  const text = useText();
  const attempt = useAttempt();
  const { confirm, create, update } = useIntents();
  // All submissions of this form share one key, so a lost response does not create a second intent.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [description, setDescription] = useState(intent?.description ?? "");
  const [type, setType] = useState<IntentType | "">("");
  const [assignee, setAssignee] = useState<IntentAssignee>(intent?.assignee ?? "ASSISTANT");
  const [priority, setPriority] = useState(intent?.priority ?? 0);
  // The version at opening: a change made meanwhile is reported before it can be overwritten.
  const [base, setBase] = useState(intent?.version);
  const [before] = useState(intent?.dueAt ? toLocalField(intent.dueAt) : "");
  const [due, setDue] = useState(before);
  const [rule, setRule] = useState(intent?.recurrence ?? "");
  const [scope, setScope] = useState<Scope>("one");
  const [projectId, setProjectId] = useState<string | null>(null);
  const moved = due !== before;
  const incomplete = description.trim() === "" || ((type === "REMINDER" || confirms) && due === "");

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const dueAt = fromLocalField(due);
    const wanted = { description: description.trim(), priority };
    const input = {
      ...wanted,
      dueAt,
      recurrence: rule === "" || dueAt === null ? null : rule,
      assignee,
      intentType: type === "" ? null : type,
      metadata: { timezone: readerZone() },
      conversationId,
      ...(projectId === null ? {} : { projectId }),
      idempotencyKey,
    };
    const handed = intent && assignee !== intent.assignee ? { assignee } : {};
    const save = async () => {
      if (!intent) return create(input);
      const time = changedTime(intent, { dueAt, moved, rule, scope });
      const { status } = await update({ id: intent.id, ...wanted, ...time, ...handed, expectedVersion: base });
      if (confirms && status === "AWAITING_CONFIRMATION") await confirm(intent.id);
    };
    if (await attempt(save)) onOpenChange(false);
    else setBase(intent?.version);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label={text.intents.description}>
        <textarea
          autoFocus={!confirms}
          rows={3}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
          className={`${fieldLook} field-sizing-content max-h-60 min-h-20 resize-none`}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <span aria-hidden="true" className="font-medium">
          {text.intents.assignee}
        </span>
        <Choices
          label={text.intents.assignee}
          value={assignee}
          onChange={setAssignee}
          choices={[
            ["ASSISTANT", text.intents.assignees.ASSISTANT],
            ["PERSON", text.intents.assignees.PERSON],
          ]}
        />
      </div>
      <div className="grid grid-cols-2 gap-4">
        {!intent && (
          <Field label={text.intents.type}>
            <select
              value={type}
              onChange={(event) => setType(event.target.value as IntentType | "")}
              className={fieldLook}
            >
              <option value="">{text.intents.anyType}</option>
              {intentTypes.map((each) => (
                <option key={each} value={each}>
                  {text.intents.types[each]}
                </option>
              ))}
            </select>
          </Field>
        )}
        <Field label={text.intents.priority} hint={text.intents.priorityHint}>
          <TextInput
            type="number"
            min={0}
            max={10}
            value={priority}
            onChange={(event) => setPriority(Math.max(0, Math.min(10, Math.trunc(event.target.valueAsNumber || 0))))}
          />
        </Field>
      </div>
      <Field label={text.intents.due}>
        <TextInput
          type="datetime-local"
          autoFocus={confirms}
          value={due}
          onChange={(event) => setDue(event.target.value)}
        />
      </Field>
      <RepeatFields
        due={due}
        rule={rule}
        onRule={setRule}
        scope={moved && rule !== "" && rule === intent?.recurrence ? scope : null}
        onScope={setScope}
      />
      {!intent && conversationId === null && <ProjectPicker value={projectId} onChange={setProjectId} />}
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={incomplete}>
          {intent ? text.save : text.intents.create}
        </Button>
      </div>
    </form>
  );
}
