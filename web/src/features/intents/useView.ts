import { useCallback, useMemo } from "react";
import type { IntentStatus } from "@/gql/graphql";
import { hiddenStatuses, intentStatuses } from "@/lib/boardPages";
import { useStorage } from "@/lib/storage";
import { type Grouping, type Order, groupings, orders } from "./arrange";

export type ViewName = "day" | "board" | "list";
export type ListColumn = "due" | "labels" | "priority" | "assignee" | "type" | "changed";

export const listColumns: readonly ListColumn[] = ["due", "labels", "priority", "assignee", "type", "changed"];
/** What six columns do not leave space for at 1280 pixels, and what few readers look for. */
const HIDDEN_AT_FIRST = { board: hiddenStatuses, list: ["type"] };

const oneOf = <T extends string>(known: readonly T[], stored: string | null, usual: T): T =>
  known.find((each) => each === stored) ?? usual;

/** How the intents are shown, remembered in this browser. */
export function useView() {
  const [view, setView] = useStorage("resonant.intentsView");
  const [order, setOrder] = useStorage("resonant.intentsOrder");
  const [grouping, setGrouping] = useStorage("resonant.intentsGroup");
  return {
    view: oneOf<ViewName>(["day", "board", "list"], view, "board"),
    setView,
    order: oneOf<Order>(orders, order, "NEWEST"),
    setOrder,
    grouping: oneOf<Grouping>(groupings, grouping, "NONE"),
    setGrouping,
  };
}

/** The columns of the board or of the list that are shown, and a function that shows or hides one. */
export function useColumns<T extends IntentStatus | ListColumn>(of: "board" | "list") {
  const all = (of === "board" ? intentStatuses : listColumns) as readonly T[];
  const [stored, store] = useStorage(`resonant.intentsHidden.${of}`);
  const hidden = useMemo(
    () => new Set<string>(stored === null ? HIDDEN_AT_FIRST[of] : stored.split(" ").filter(Boolean)),
    [stored, of],
  );
  const toggle = useCallback(
    (column: T, shown: boolean) => {
      const next = all.filter((each) => (each === column ? !shown : hidden.has(each)));
      store(next.join(" "));
    },
    [all, hidden, store],
  );
  return { all, shown: useMemo(() => all.filter((each) => !hidden.has(each)), [all, hidden]), toggle };
}
