import { useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextArea, TextInput } from "@/components/Field";
import { useText } from "@/lib/language";
import { type ArgumentField, changes, toInput } from "./proposal";
import type { Arguments } from "./useActions";

type FormProps = {
  fields: readonly ArgumentField[];
  given: Arguments;
  busy: boolean;
  onSave: (changed: Arguments) => void;
  onCancel: () => void;
};

/** Edits the arguments of a proposal before it is accepted. The form takes the focus, first to what is missing. */
export function ArgumentsForm({ fields, given, busy, onSave, onCancel }: FormProps) {
  const text = useText();
  const [values, setValues] = useState(() =>
    Object.fromEntries(fields.map(({ name }) => [name, toInput(given[name])])),
  );
  const labels: Record<string, string> = text.actions.fields;
  const set = (name: string, value: string) => setValues((now) => ({ ...now, [name]: value }));
  const complete = fields.every(({ name, required }) => !required || values[name]?.trim() !== "");
  const first = fields.find(({ name, required }) => required && given[name] == null) ?? fields[0];
  return (
    <form
      aria-label={text.actions.edit}
      className="flex flex-col gap-2 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(changes(fields, given, values));
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      {fields.map((field) => (
        <Field key={field.name} label={labels[field.name] ?? field.name}>
          <Control
            field={field}
            value={values[field.name] ?? ""}
            focus={field === first}
            onChange={(value) => set(field.name, value)}
          />
        </Field>
      ))}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={busy || !complete}>
          {text.actions.accept}
        </Button>
      </div>
    </form>
  );
}

type ControlProps = { field: ArgumentField; value: string; focus: boolean; onChange: (value: string) => void };

function Control({ field: { kind, required }, value, focus, onChange }: ControlProps) {
  if (kind === "text") {
    return (
      <TextArea
        rows={1}
        value={value}
        required={required}
        autoFocus={focus}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <TextInput
      type={kind === "number" ? "number" : "datetime-local"}
      step={kind === "number" ? "any" : undefined}
      value={value}
      required={required}
      autoFocus={focus}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
