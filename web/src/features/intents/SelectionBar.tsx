import { useState } from "react";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Intent, canRetry, isOpen, useIntents } from "./useIntents";

type BarProps = { selected: ReadonlySet<string>; onClear: () => void };

/** What can be done with several intents at once; only for those for which it makes sense. */
export function SelectionBar({ selected, onClear }: BarProps) {
  const text = useText();
  const attempt = useAttempt();
  const { intents, confirm, cancel, retry, remove } = useIntents();
  const [deleting, setDeleting] = useState(false);
  const chosen = intents.filter((intent) => selected.has(intent.id));
  if (chosen.length === 0) return null;

  const each = async (rows: readonly Intent[], action: (id: string) => Promise<void>) => {
    const results = await Promise.all(rows.map(({ id }) => attempt(() => action(id))));
    if (results.every(Boolean)) onClear();
  };
  const open = chosen.filter(isOpen);
  const again = chosen.filter(canRetry);
  const awaiting = chosen.filter(({ status }) => status === "AWAITING_CONFIRMATION");
  return (
    <div
      role="toolbar"
      aria-label={text.intents.selection}
      className="mx-auto mb-4 flex max-w-[calc(100vw-2rem)] animate-rise flex-wrap items-center gap-2 rounded-2xl border border-line bg-raised px-4 py-2 shadow-lg"
    >
      <span className="mr-2 text-sm font-medium">{text.intents.selected(chosen.length)}</span>
      {awaiting.length > 0 && (
        <Button icon="check" onClick={() => void each(awaiting, confirm)}>
          {text.intents.accept}
        </Button>
      )}
      {open.length > 0 && (
        <Button icon="close" onClick={() => void each(open, cancel)}>
          {text.intents.cancel}
        </Button>
      )}
      {again.length > 0 && (
        <Button icon="again" onClick={() => void each(again, retry)}>
          {text.intents.retry}
        </Button>
      )}
      <Button icon="trash" onClick={() => setDeleting(true)}>
        {text.intents.delete}
      </Button>
      <Button look="quiet" onClick={onClear}>
        {text.intents.clear}
      </Button>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={text.intents.deleteTitle(chosen.length)}
        hint={text.intents.deleteHint}
        action={text.delete}
        onConfirm={() => void each(chosen, remove)}
      />
    </div>
  );
}
