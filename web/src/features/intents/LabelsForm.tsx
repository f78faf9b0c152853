import { useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextInput } from "@/components/Field";
import { toTags } from "@/components/Tags";
import { useText } from "@/lib/language";
import type { FieldFormProps } from "./DueForm";
import { SmallForm } from "./SmallForm";
import { useFieldSave } from "./useFieldSave";
import { useIntents } from "./useIntents";

/** Sets the labels; those of other intents are offered. */
export function LabelsForm({ intent, onDone }: FieldFormProps) {
  const text = useText();
  const saving = useFieldSave(intent, "labels");
  const { intents } = useIntents();
  const [typed, setTyped] = useState(intent.labels.join(", "));
  const labels = toTags(typed);
  const known = [...new Set(intents.flatMap((each) => each.labels))]
    .filter((each) => !labels.includes(each))
    .slice(0, 12);
  const submit = async () => {
    const saved = await saving.save({ labels });
    if (saved) onDone(saved);
  };
  return (
    <SmallForm
      saving={saving}
      onSubmit={() => void submit()}
      onCancel={() => onDone(null)}
      repeats={intent.recurrence != null}
    >
      <Field label={text.intents.labels} hint={text.tagsHint}>
        <TextInput autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
      {known.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {known.map((label) => (
            <Button
              key={label}
              icon="plus"
              className="min-h-7 px-2 py-0.5 text-xs"
              onClick={() => setTyped([...labels, label].join(", "))}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </SmallForm>
  );
}
