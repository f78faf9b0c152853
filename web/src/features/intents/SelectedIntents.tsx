import { Button } from "@/components/Button";
import { MoveButton } from "@/components/MoveToProject";
import { SelectionBar } from "@/components/SelectionBar";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import {
  type Intent,
  canComplete,
  canReopen,
  canRetry,
  canStart,
  isContradicted,
  isOpen,
  lacksTime,
  useIntents,
} from "./useIntents";
import { useWorkbenchState } from "./useWorkbench";

/** Bulk actions; each applies only to the selected intents that allow it. */
export function SelectedIntents() {
  const {
    intents: text,
    contradictions: { settle },
  } = useText();
  const attempt = useAttempt();
  const { selected, clearSelection: onClear } = useWorkbenchState();
  const { intents, confirm, cancel, retry, start, complete, reopen, remove } = useIntents();
  const chosen = intents.filter((intent) => selected.has(intent.id) && !intent.readOnly);
  if (chosen.length === 0) return null;

  const each = async (rows: readonly Intent[], action: (id: string) => Promise<void>) => {
    const results = await Promise.all(rows.map(({ id }) => attempt(() => action(id))));
    if (results.every(Boolean)) onClear();
  };
  const open = chosen.filter(isOpen);
  const startable = chosen.filter(canStart);
  const completable = chosen.filter(canComplete);
  const reopenable = chosen.filter(canReopen);
  const again = chosen.filter(canRetry);
  const [contradicted] = chosen.filter(isContradicted);
  const awaiting = chosen.filter(
    (intent) => intent.status === "AWAITING_CONFIRMATION" && !isContradicted(intent) && !lacksTime(intent),
  );
  return (
    <SelectionBar
      label={text.selection}
      counted={text.selected(chosen.length)}
      clear={text.clear}
      onClear={onClear}
      onDelete={() => void each(chosen, remove)}
      className="mb-4 max-w-[calc(100vw-2rem)]"
    >
      {awaiting.length > 0 && (
        <Button icon="check" onClick={() => void each(awaiting, confirm)}>
          {text.accept}
        </Button>
      )}
      {contradicted && (
        <Button icon="alert" onClick={() => navigate(toPage("intents", contradicted.id))}>
          {settle}
        </Button>
      )}
      {completable.length > 0 && (
        <Button icon="check" onClick={() => void each(completable, complete)}>
          {text.complete}
        </Button>
      )}
      {startable.length > 0 && (
        <Button icon="play" onClick={() => void each(startable, start)}>
          {text.start}
        </Button>
      )}
      {reopenable.length > 0 && (
        <Button icon="again" onClick={() => void each(reopenable, reopen)}>
          {text.reopen}
        </Button>
      )}
      {open.length > 0 && (
        <Button icon="close" onClick={() => void each(open, cancel)}>
          {text.cancel}
        </Button>
      )}
      {again.length > 0 && (
        <Button icon="again" onClick={() => void each(again, retry)}>
          {text.retry}
        </Button>
      )}
      <MoveButton records={chosen} onMoved={onClear} />
    </SelectionBar>
  );
}
