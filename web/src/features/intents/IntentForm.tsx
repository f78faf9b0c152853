import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextInput, fieldLook } from "@/components/Field";
import { ProjectPicker } from "@/components/ProjectPicker";
import { useAttempt } from "@/components/Toasts";
import type { IntentType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { fromLocalField } from "@/lib/localTime";
import { readerZone } from "@/lib/zone";
import { RepeatSelect } from "./RepeatSelect";
import { intentTypes } from "./types";
import { useIntents } from "./useIntents";
import { useProjects } from "@/lib/projects";
import { AssigneeChoice, type Assigned } from "./AssigneeChoice";

type FormProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  conversationId: string | null;
};

/** The form of a new intent, with all its fields. */
export function IntentForm(props: FormProps) {
  const text = useText();
  return (
    <FormDialog open={props.open} onOpenChange={props.onOpenChange} title={text.intents.new}>
      <Fields {...props} />
    </FormDialog>
  );
}

function Fields({ onOpenChange, conversationId }: FormProps) {
  const text = useText();
  const attempt = useAttempt();
  const { create } = useIntents();
  // All submissions of this form share one key, so a lost response does not create a second intent.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [description, setDescription] = useState("");
  const [type, setType] = useState<IntentType | "">("");
  const [assigned, setAssigned] = useState<Assigned>({ assignee: "ASSISTANT" });
  const [priority, setPriority] = useState(0);
  const [due, setDue] = useState("");
  const [rule, setRule] = useState("");
  const [projectId, setProjectId] = useState<string | null>(null);
  const { projects, chosen } = useProjects();
  const target = chosen?.id ?? projectId ?? (conversationId === null ? projects[0]?.id : undefined);
  const incomplete = description.trim() === "" || (type === "REMINDER" && due === "");

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const dueAt = fromLocalField(due);
    const input = {
      description: description.trim(),
      priority,
      dueAt,
      recurrence: rule === "" || dueAt === null ? null : rule,
      ...assigned,
      intentType: type === "" ? null : type,
      metadata: { timezone: readerZone() },
      conversationId,
      ...(projectId === null ? {} : { projectId }),
      idempotencyKey,
    };
    if (await attempt(() => create(input))) onOpenChange(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label={text.intents.description}>
        <textarea
          autoFocus
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
        <AssigneeChoice label={text.intents.assignee} projectId={target} {...assigned} onChange={setAssigned} />
      </div>
      <div className="grid grid-cols-2 gap-4">
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
        <TextInput type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
      </Field>
      {due !== "" && (
        <Field label={text.intents.repeats}>
          <RepeatSelect due={due} rule={rule} onRule={setRule} />
        </Field>
      )}
      {conversationId === null && (
        <ProjectPicker
          value={projectId}
          onChange={(id) => {
            setProjectId(id);
            setAssigned(({ assignee }) => ({ assignee })); // the members are others
          }}
        />
      )}
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={incomplete}>
          {text.intents.create}
        </Button>
      </div>
    </form>
  );
}
