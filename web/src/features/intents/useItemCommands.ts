import { useMemo } from "react";
import { type Command, useCommands } from "@/components/useCommands";
import { useText } from "@/lib/language";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";
import { moveOf } from "./moves";
import { type Intent, canComplete, canEdit, canReopen, canStart, isOfPerson, isOpen, useIntents } from "./useIntents";
import { shortTitle, useWorkbench, useWorkbenchState } from "./useWorkbench";

type Texts = (typeof en)["commands"];

/** Offers what can be done with the selected items, or with the one that had the focus, in the command palette. */
export function useItemCommands(openId: string | null) {
  const text = useText();
  const { intents } = useIntents();
  const { move, handOver } = useWorkbench();
  const { selected, current } = useWorkbenchState();
  const commands = useMemo(() => {
    const only = openId ?? current;
    const chosen =
      selected.size > 0 ? intents.filter(({ id }) => selected.has(id)) : intents.filter(({ id }) => id === only);
    const writable = chosen.filter(({ readOnly }) => !readOnly);
    const named = (rows: readonly Intent[], of: Texts) =>
      rows.length === 1 && rows[0] ? shortTitle(rows[0]) : of.several(rows.length);
    const offer = (
      id: string,
      icon: Command["icon"],
      can: (intent: Intent) => boolean,
      phrase: (of: Texts) => (what: string) => string,
      run: (intent: Intent) => void,
    ): Command[] => {
      const rows = writable.filter(can);
      const nameIn = (of: Texts) => phrase(of)(named(rows, of));
      if (rows.length === 0) return [];
      const command = { id: `item ${id}`, icon, name: nameIn(text.commands), run: () => rows.forEach(run) };
      return [{ ...command, names: [nameIn(en.commands), nameIn(ja.commands)] }];
    };
    const to = (status: Intent["status"]) => (intent: Intent) => move(intent, status, rowsFollow);
    const rowsFollow = chosen.length === 1;
    const reopens = (intent: Intent) => canReopen(intent) || (!isOpen(intent) && "steps" in moveOf(intent, "PENDING"));
    return [
      ...offer("complete", "check", canComplete, (of) => of.complete, to("COMPLETED")),
      ...offer("start", "play", canStart, (of) => of.start, to("PROCESSING")),
      ...offer("reopen", "again", reopens, (of) => of.reopen, to("PENDING")),
      ...offer(
        "hand",
        "person",
        (row) => canEdit(row) && isOfPerson(row),
        (of) => of.handOver,
        handOver,
      ),
      ...offer(
        "take",
        "person",
        (row) => canEdit(row) && !isOfPerson(row),
        (of) => of.takeOver,
        handOver,
      ),
      ...offer("cancel", "close", isOpen, (of) => of.cancel, to("CANCELLED")),
    ];
  }, [intents, selected, current, openId, text, move, handOver]);
  useCommands(commands);
}
