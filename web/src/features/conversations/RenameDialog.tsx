import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextInput } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import { type Conversation, useConversations } from "./useConversations";
import { useText } from "@/lib/language";

type RenameProps = { conversation: Conversation; open: boolean; onOpenChange: (open: boolean) => void };

export function RenameDialog(props: RenameProps) {
  const text = useText();
  return (
    <FormDialog open={props.open} onOpenChange={props.onOpenChange} title={text.conversations.renameTitle}>
      <RenameForm {...props} />
    </FormDialog>
  );
}

function RenameForm({ conversation, onOpenChange }: RenameProps) {
  const text = useText();
  const attempt = useAttempt();
  const { rename } = useConversations();
  const [title, setTitle] = useState(conversation.title);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await attempt(() => rename(conversation.id, title.trim()))) onOpenChange(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Field label={text.conversations.name}>
        <TextInput value={title} onChange={(event) => setTitle(event.target.value)} maxLength={200} autoFocus />
      </Field>
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={title.trim() === ""}>
          {text.save}
        </Button>
      </div>
    </form>
  );
}
