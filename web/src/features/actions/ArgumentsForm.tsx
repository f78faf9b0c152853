import { useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextArea, TextInput } from "@/components/Field";
import { useText } from "@/lib/language";
import type { Arguments } from "./useActions";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
// Choices among fixed values, which a wrong text would break.
const FIXED = new Set(["id", "kind", "status", "intentType", "assignee", "recurrence"]);

/** The names of the arguments that a person can edit: texts, numbers and times. */
export function editable(given: Arguments): string[] {
  return Object.entries(given)
    .filter(([name, value]) => !FIXED.has(name) && (typeof value === "string" || typeof value === "number"))
    .map(([name]) => name);
}

type FormProps = {
  given: Arguments;
  busy: boolean;
  onSave: (changed: Arguments) => void;
  onCancel: () => void;
};

/** Edits the arguments of a proposal before it is accepted. */
export function ArgumentsForm({ given, busy, onSave, onCancel }: FormProps) {
  const text = useText();
  const names = editable(given);
  const [values, setValues] = useState(() =>
    Object.fromEntries(names.map((name) => [name, toInput(given[name] as string | number)])),
  );
  const labels: Record<string, string> = text.actions.fields;
  const set = (name: string, value: string) => setValues((now) => ({ ...now, [name]: value }));
  return (
    <form
      aria-label={text.actions.edit}
      className="flex flex-col gap-2 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(changes(given, values));
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      {names.map((name, index) => (
        <Field key={name} label={labels[name] ?? name}>
          <Control
            given={given[name] as string | number}
            value={values[name] ?? ""}
            focus={index === 0}
            onChange={(value) => set(name, value)}
          />
        </Field>
      ))}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={busy}>
          {text.actions.accept}
        </Button>
      </div>
    </form>
  );
}

type ControlProps = { given: string | number; value: string; focus: boolean; onChange: (value: string) => void };

function Control({ given, value, focus, onChange }: ControlProps) {
  if (typeof given === "string" && !TIME.test(given)) {
    return <TextArea rows={1} value={value} autoFocus={focus} onChange={(event) => onChange(event.target.value)} />;
  }
  return (
    <TextInput
      type={typeof given === "number" ? "number" : "datetime-local"}
      step="any"
      value={value}
      autoFocus={focus}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** The value as an input shows it; a time in the reader's time zone. */
function toInput(value: string | number): string {
  if (typeof value === "number" || !TIME.test(value)) return String(value);
  const at = new Date(value);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The arguments that differ from those given. */
export function changes(given: Arguments, values: Readonly<Record<string, string>>): Arguments {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => value !== toInput(given[name] as string | number) && value !== "")
      .map(([name, value]) => [name, fromInput(given[name] as string | number, value)]),
  );
}

function fromInput(given: string | number, value: string): string | number {
  if (typeof given === "number") return Number(value);
  return TIME.test(given) ? new Date(value).toISOString() : value;
}
