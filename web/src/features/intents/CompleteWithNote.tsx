import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, fieldLook } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Intent, canComplete, useIntents } from "./useIntents";

/** Completes a to-do with a note about what was done, which becomes its result. */
export function CompleteWithNote({ intent }: { intent: Intent }) {
  const { intents: text } = useText();
  const [open, setOpen] = useState(false);
  if (!canComplete(intent)) return null;
  return (
    <>
      <Button icon="edit" onClick={() => setOpen(true)}>
        {text.completeWithNote}
      </Button>
      <FormDialog open={open} onOpenChange={setOpen} title={text.completeWithNote}>
        <NoteForm id={intent.id} onDone={() => setOpen(false)} />
      </FormDialog>
    </>
  );
}

function NoteForm({ id, onDone }: { id: string; onDone: () => void }) {
  const text = useText();
  const attempt = useAttempt();
  const { complete } = useIntents();
  const [note, setNote] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await attempt(() => complete(id, note.trim()))) onDone();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label={text.intents.note}>
        <textarea
          autoFocus
          rows={3}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          className={`${fieldLook} field-sizing-content max-h-60 min-h-20 resize-none`}
        />
      </Field>
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={onDone}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={note.trim() === ""}>
          {text.intents.complete}
        </Button>
      </div>
    </form>
  );
}
