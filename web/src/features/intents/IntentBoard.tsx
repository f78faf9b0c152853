import { useCallback, useEffect, useId, useRef } from "react";
import { EmptyState } from "@/components/Notice";
import type { IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { type ColumnHandle, BoardColumn } from "./BoardColumn";
import { IntentsEmpty } from "./IntentsEmpty";
import type { Grouping, Order } from "./arrange";
import { useItemKeys } from "./itemKeys";
import { useDrag } from "./useDrag";
import type { IntentFilter } from "./useIntentPages";
import { useIntents } from "./useIntents";
import { useWorkbench, useWorkbenchState } from "./useWorkbench";

export type ListProps = {
  filter: Omit<IntentFilter, "statuses">;
  order: Order;
  grouping: Grouping;
};

type BoardProps = ListProps & { columns: readonly IntentStatus[] };

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** A column for each status. Cards move by drag, by keys, or by the menu of a card. */
export function IntentBoard({ filter, order, grouping, columns }: BoardProps) {
  const text = useText();
  const hint = useId();
  const board = useRef<HTMLDivElement>(null);
  const handles = useRef(new Map<IntentStatus, ColumnHandle>());
  const { collection, intents, loading, failure } = useIntents();
  const isEmpty = intents.length === 0 && !loading && !failure;
  const { move, setCurrent } = useWorkbench();
  const { followed } = useWorkbenchState();
  useEffect(() => {
    if (followed) handles.current.get(followed.to)?.focusItem(followed.id);
  }, [followed]);
  const find = (card: HTMLElement) => collection.get(card.closest<HTMLElement>("[data-item]")?.dataset.item ?? "");
  const { drag, onPointerDown } = useDrag({ board, find, onDrop: (intent, to) => move(intent, to, false) });
  const onHandle = useCallback((status: IntentStatus, handle: ColumnHandle | null) => {
    if (handle) handles.current.set(status, handle);
    else handles.current.delete(status);
  }, []);

  const go = (status: IntentStatus, index: number, [sideways, down]: readonly [number, number]) => {
    if (sideways === 0) return handles.current.get(status)?.focusAt(index + down, down);
    // Columns without cards are skipped.
    const onward =
      sideways > 0 ? columns.slice(columns.indexOf(status) + 1) : columns.slice(0, columns.indexOf(status)).reverse();
    const target = onward.find((each) => handles.current.get(each)?.size);
    if (target !== undefined) handles.current.get(target)?.focusAt(index);
  };
  const onKeyDown = useItemKeys({
    onStep: (event, { item, intent }) => {
      const direction = DIRECTIONS[event.key];
      if (!direction) return false;
      if (!event.shiftKey) go(intent.status, Number(item.dataset.index), direction);
      else if (direction[0] !== 0) {
        const to = columns[columns.indexOf(intent.status) + direction[0]];
        if (to) move(intent, to, true);
      }
      return true;
    },
    follow: true,
  });
  return (
    <div
      ref={board}
      role="region"
      aria-label={text.intents.board}
      aria-describedby={hint}
      tabIndex={intents.length > 0 ? undefined : 0}
      onPointerDown={onPointerDown}
      onDragStart={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const id = event.target.closest<HTMLElement>("[data-item]")?.dataset.item;
        if (id) setCurrent(id);
      }}
      className="flex min-h-0 flex-1 snap-x scroll-px-4 gap-3 overflow-x-auto px-4 pb-4"
    >
      <p id={hint} className="sr-only">
        {text.intents.boardHint}
      </p>
      {isEmpty && (
        <div className="m-auto">
          <IntentsEmpty filter={filter} />
        </div>
      )}
      {columns.length === 0 && !isEmpty && (
        <div className="m-auto">
          <EmptyState icon="board" title={text.intents.board} hint={text.intents.columnsEmpty} />
        </div>
      )}
      {(isEmpty ? [] : columns).map((status) => (
        <BoardColumn
          key={status}
          status={status}
          filter={filter}
          order={order}
          grouping={grouping}
          drag={drag}
          onHandle={onHandle}
        />
      ))}
    </div>
  );
}
