import { type KeyboardEvent, type ReactNode, type SubmitEvent, useId } from "react";
import { Button } from "@/components/Button";
import { useEscape } from "@/components/useEscape";
import { useText } from "@/lib/language";
import type { FieldSave } from "./useFieldSave";

type FormProps = {
  saving: FieldSave;
  onSubmit: () => void;
  onCancel: () => void;
  /** Whether there is nothing to save yet. */
  incomplete?: boolean;
  /** Whether the change is also that of the occurrences that follow, which the form says. */
  repeats?: boolean;
  /** More buttons, at the start of their row. */
  others?: ReactNode;
  children: ReactNode;
};

/** The editor of one field: Enter saves, in several lines with Ctrl or Command; Escape closes it and nothing else. */
export function SmallForm({ saving, onSubmit, onCancel, incomplete = false, repeats = false, ...rest }: FormProps) {
  const { others, children } = rest;
  const text = useText();
  const problem = useId();
  useEscape(true, onCancel);
  const disabled = incomplete || saving.busy;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!disabled) onSubmit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!disabled) onSubmit();
    }
  };
  return (
    <form data-own-escape onSubmit={submit} onKeyDown={onKeyDown} aria-describedby={problem} className="space-y-3">
      {children}
      {repeats && <p className="text-xs text-faint">{text.intents.repeat.follows}</p>}
      <p id={problem} role="alert" className="text-sm wrap-anywhere text-rust empty:hidden">
        {saving.problem}
      </p>
      <div className="flex flex-wrap items-center justify-end gap-2">
        {others}
        <Button onClick={onCancel}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={disabled}>
          {text.save}
        </Button>
      </div>
    </form>
  );
}
