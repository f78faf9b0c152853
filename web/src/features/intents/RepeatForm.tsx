import { useState } from "react";
import { Field } from "@/components/Field";
import { useText } from "@/lib/language";
import { toLocalField } from "@/lib/localTime";
import type { FieldFormProps } from "./DueForm";
import { RepeatSelect } from "./RepeatSelect";
import { SmallForm } from "./SmallForm";
import { useFieldSave } from "./useFieldSave";

/** Sets how an intent that has a due time repeats, from this time on. */
export function RepeatForm({ intent, onDone }: FieldFormProps) {
  const text = useText();
  const saving = useFieldSave(intent, "recurrence", "dueAt");
  const [rule, setRule] = useState(intent.recurrence ?? "");
  const submit = async () => {
    const saved = await saving.save({ recurrence: rule === "" ? null : rule });
    if (saved) onDone(saved);
  };
  return (
    <SmallForm saving={saving} onSubmit={() => void submit()} onCancel={() => onDone(null)}>
      <Field label={text.intents.repeats} hint={text.intents.repeat.follows}>
        <RepeatSelect autoFocus due={intent.dueAt ? toLocalField(intent.dueAt) : ""} rule={rule} onRule={setRule} />
      </Field>
    </SmallForm>
  );
}
