import { type FocusEvent, useState } from "react";
import { IconButton } from "@/components/Button";
import { TextArea } from "@/components/Field";
import { useText } from "@/lib/language";
import type { FieldFormProps } from "./DueForm";
import { SmallForm } from "./SmallForm";
import { useFieldSave } from "./useFieldSave";
import { type Intent, canEdit } from "./useIntents";
import { useReturningFocus } from "./useReturningFocus";

/** The description in the drawer, edited in its place. */
export function DescriptionField({ intent }: { intent: Intent }) {
  const text = useText();
  const { editing, setEditing, button } = useReturningFocus();
  if (editing) return <DescriptionForm intent={intent} onDone={() => setEditing(false)} />;
  return (
    <div className="mt-3 flex items-start gap-1">
      <p className="min-w-0 flex-1 text-[1.05rem] wrap-anywhere whitespace-pre-wrap">{intent.description}</p>
      {canEdit(intent) && (
        <IconButton
          ref={button}
          small
          icon="edit"
          label={text.intents.editTitleHere}
          onClick={() => setEditing(true)}
        />
      )}
    </div>
  );
}

/** Leaving the field saves too, but not while the reader looks into another window. */
function DescriptionForm({ intent, onDone }: FieldFormProps) {
  const text = useText();
  const saving = useFieldSave(intent, "description");
  const [before] = useState(intent.description);
  const [typed, setTyped] = useState(before);
  const description = typed.trim();
  const submit = async () => {
    const saved = description === before ? intent : await saving.save({ description });
    if (saved) onDone(saved);
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (currentTarget.contains(relatedTarget) || !document.hasFocus()) return;
    if (description !== "" && saving.problem === null) void submit();
  };
  return (
    <div onBlur={onBlur} className="mt-3">
      <SmallForm
        saving={saving}
        onSubmit={() => void submit()}
        onCancel={() => onDone(null)}
        incomplete={description === ""}
        repeats={intent.recurrence != null}
        others={<span className="mr-auto text-xs text-faint max-sm:sr-only">{text.intents.editKeys}</span>}
      >
        <TextArea
          autoFocus
          rows={3}
          aria-label={text.intents.editTitleHere}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-h-[50dvh] min-h-20"
        />
      </SmallForm>
    </div>
  );
}
