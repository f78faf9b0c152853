import { type KeyboardEvent, useState } from "react";
import { Button } from "@/components/Button";
import { useText } from "@/lib/language";

type EditProps = { content: string; onCancel: () => void; onResend: (content: string) => Promise<void> };

/** The form to edit a message; Enter sends it again, Escape cancels. */
export function EditMessageForm({ content, onCancel, onResend }: EditProps) {
  const text = useText();
  const [draft, setDraft] = useState(content);
  const [sending, setSending] = useState(false);
  const submit = async () => {
    if (sending || draft.trim() === "") return;
    setSending(true);
    await onResend(draft);
    setSending(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void submit();
    }
  };
  return (
    <form
      className="ml-auto w-full max-w-2xl rounded-2xl border border-wave bg-raised p-2"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <textarea
        autoFocus
        value={draft}
        aria-label={text.chat.messageField}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-[50dvh] min-h-16 w-full resize-none px-2 py-1.5 outline-none"
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto px-2 text-xs text-faint">{text.chat.editHint}</p>
        <Button look="quiet" onClick={onCancel}>
          {text.cancel}
        </Button>
        <Button look="primary" type="submit" disabled={sending || draft.trim() === ""}>
          {text.chat.resend}
        </Button>
      </div>
    </form>
  );
}
