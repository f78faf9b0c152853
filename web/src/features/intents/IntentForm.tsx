import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextInput, fieldLook } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import type { IntentType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useIntents } from "./useIntents";

const types: readonly IntentType[] = ["QUESTION", "TASK", "SPECIFICATION", "REMEMBER", "REMINDER", "CODE_EXECUTION"];

type FormProps = { open: boolean; onOpenChange: (open: boolean) => void; conversationId: string | null };

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
  // The same key for every try of this form: a lost answer never makes two intents.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [description, setDescription] = useState("");
  const [type, setType] = useState<IntentType | "">("");
  const [priority, setPriority] = useState(0);
  const [due, setDue] = useState("");
  const incomplete = description.trim() === "" || (type === "REMINDER" && due === "");

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const input = {
      description: description.trim(),
      intentType: type === "" ? null : type,
      priority,
      dueAt: due === "" ? null : new Date(due).toISOString(),
      metadata: { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      conversationId,
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
      <div className="grid grid-cols-2 gap-4">
        <Field label={text.intents.type}>
          <select
            value={type}
            onChange={(event) => setType(event.target.value as IntentType | "")}
            className={fieldLook}
          >
            <option value="">{text.intents.anyType}</option>
            {types.map((each) => (
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
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={incomplete}>
          {text.intents.create}
        </Button>
      </div>
    </form>
  );
}
