import { Button } from "@/components/Button";
import { MoveButton } from "@/components/MoveToProject";
import { SelectionBar } from "@/components/SelectionBar";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import type { Memories, Memory } from "./useMemories";

type SelectedProps = { selected: readonly Memory[]; onClear: () => void } & Pick<Memories, "archive" | "remove">;

/** Bulk actions on the selected memories. */
export function SelectedMemories({ selected, onClear, archive, remove }: SelectedProps) {
  const { memory: text } = useText();
  const attempt = useAttempt();
  if (selected.length === 0) return null;

  const each = async (rows: readonly Memory[], action: (id: string) => Promise<void>) => {
    const results = await Promise.all(rows.map(({ id }) => attempt(() => action(id))));
    if (results.every(Boolean)) onClear();
  };
  const active = selected.filter(({ archived }) => !archived);
  const inactive = selected.filter(({ archived }) => archived);
  return (
    <SelectionBar
      label={text.selection}
      counted={text.selected(selected.length)}
      clear={text.clear}
      onClear={onClear}
      onDelete={() => void each(selected, remove)}
      className="sticky bottom-3 mt-4 w-fit max-w-full"
    >
      {active.length > 0 && (
        <Button icon="archive" onClick={() => void each(active, (id) => archive(id, true))}>
          {text.archive}
        </Button>
      )}
      {inactive.length > 0 && (
        <Button icon="archive" onClick={() => void each(inactive, (id) => archive(id, false))}>
          {text.restore}
        </Button>
      )}
      <MoveButton records={selected} onMoved={onClear} />
    </SelectionBar>
  );
}
