import { useState } from "react";
import { Choices } from "@/components/Choices";
import { Field, TextInput } from "@/components/Field";
import { useText } from "@/lib/language";
import type { FieldFormProps } from "./DueForm";
import { SmallForm } from "./SmallForm";
import { useFieldSave } from "./useFieldSave";

const NAMED_PRIORITIES = [0, 1, 5, 8, 9] as const;

/** Sets the priority, by name or as a number. */
export function PriorityForm({ intent, onDone }: FieldFormProps) {
  const text = useText();
  const saving = useFieldSave(intent, "priority");
  const [priority, setPriority] = useState(intent.priority);
  const submit = async () => {
    const saved = await saving.save({ priority });
    if (saved) onDone(saved);
  };
  return (
    <SmallForm
      saving={saving}
      onSubmit={() => void submit()}
      onCancel={() => onDone(null)}
      repeats={intent.recurrence != null}
    >
      <Choices
        label={text.intents.priority}
        value={String(priority)}
        onChange={(next) => setPriority(Number(next))}
        choices={NAMED_PRIORITIES.map((each) => [String(each), text.intents.priorities[each]] as const)}
      />
      <Field label={text.intents.priority} hint={text.intents.priorityHint}>
        <TextInput
          type="number"
          autoFocus
          min={0}
          max={10}
          value={priority}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setPriority(Math.max(0, Math.min(10, Math.trunc(event.target.valueAsNumber || 0))))}
        />
      </Field>
    </SmallForm>
  );
}
