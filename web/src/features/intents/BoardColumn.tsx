import { type VirtualItem, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { LoadFailed } from "@/components/Notice";
import type { IntentStatus } from "@/gql/graphql";
import { CARDS_PER_PAGE } from "@/lib/boardPages";
import { useLanguage, useText } from "@/lib/language";
import { BoardCard } from "./BoardCard";
import { DropHint } from "./DropHint";
import { GroupHeading } from "./GroupHeading";
import type { ListProps } from "./IntentBoard";
import { StatusIcon } from "./StatusBadge";
import { type Entry, arrange } from "./arrange";
import { firstItem, focusWhenRendered, indexOfItem, nearestItem } from "./listFocus";
import { useMinute } from "./useMinute";
import type { Drag } from "./useDrag";
import { type IntentFilter, useIntentPages } from "./useIntentPages";
import { useTotal } from "./useTotal";
import { useWorkbenchState } from "./useWorkbench";

const USUAL_CARD_PX = 128;
const HEADING_PX = 28;
const LOAD_WITHIN = 8;

/** What the board needs of a column to move the focus. */
export type ColumnHandle = {
  size: number;
  /** Focuses the item at this place, or the nearest one. */
  focusAt: (index: number, direction?: number) => void;
  /** Focuses the item as soon as it is in the column. */
  focusItem: (id: string) => void;
};

type ColumnProps = ListProps & {
  status: IntentStatus;
  drag: Drag;
  onHandle: (status: IntentStatus, handle: ColumnHandle | null) => void;
};

/** The intents of one status; only the visible cards are in the document. */
export function BoardColumn({ status, filter, order, grouping, drag, onHandle }: ColumnProps) {
  const { language, text } = useLanguage();
  const heading = `column-${status}`;
  const within: IntentFilter = useMemo(() => ({ ...filter, statuses: [status] }), [filter, status]);
  const { intents, hasMore, loadingMore, loadMore, loading, failure, reload } = useIntentPages(within, {
    order,
    grouping,
    pageSize: CARDS_PER_PAGE,
  });
  const now = useMinute();
  const entries = useMemo(() => arrange(intents, order, grouping, now), [intents, order, grouping, now]);
  const total = useTotal(within, hasMore, intents.length);
  return (
    <section
      aria-labelledby={heading}
      data-column={status}
      className={`relative flex min-w-52 flex-1 snap-start flex-col rounded-2xl bg-shelf max-sm:min-w-[78vw] ${entries.length === 0 && !loading ? "max-sm:hidden" : ""}`}
    >
      <h2 id={heading} className="flex items-center gap-2 px-3.5 py-2.5 text-sm font-medium">
        <StatusIcon status={status} assignee="PERSON" />
        {text.intents.status[status]}
        <span className="ml-auto text-xs text-faint tabular-nums">
          {loading && intents.length === 0
            ? "…"
            : total === null
              ? `${new Intl.NumberFormat(language).format(intents.length)}+`
              : new Intl.NumberFormat(language).format(total)}
        </span>
      </h2>
      {intents.length === 0 && failure && <LoadFailed title={text.intents.failed} failure={failure} onRetry={reload} />}
      <Cards
        status={status}
        entries={entries}
        onHandle={onHandle}
        onNearEnd={hasMore && !loadingMore && !failure ? loadMore : null}
      />
      <DropHint status={status} drag={drag} />
    </section>
  );
}

type CardsProps = Pick<ColumnProps, "status" | "onHandle"> & {
  entries: readonly Entry[];
  onNearEnd: (() => void) | null;
};

function Cards({ status, entries, onHandle, onNearEnd }: CardsProps) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const { selected, opened } = useWorkbenchState();
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    getItemKey: (index) => entries[index]?.key ?? index,
    estimateSize: (index) => (entries[index]?.kind === "group" ? HEADING_PX : USUAL_CARD_PX),
    gap: 8,
    overscan: 3,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onNearEnd && last >= entries.length - LOAD_WITHIN) onNearEnd();
  }, [onNearEnd, last, entries.length]);

  const wanted = useRef<string | null>(null);
  const focus = (index: number) => {
    rows.scrollToIndex(index);
    focusWhenRendered(box.current, index);
  };
  const handle: ColumnHandle = {
    size: entries.length,
    focusAt: (index, direction) => {
      const target = nearestItem(entries, index, direction);
      if (target !== null) focus(target);
    },
    focusItem: (id) => {
      const index = indexOfItem(entries, id);
      if (index >= 0) focus(index);
      else wanted.current = id;
    },
  };
  useImperativeHandle(
    (made: ColumnHandle | null) => onHandle(status, made),
    () => handle,
  );
  useEffect(() => {
    const index = wanted.current === null ? -1 : indexOfItem(entries, wanted.current);
    if (index < 0) return;
    wanted.current = null;
    focus(index);
  });

  const tabbable = entries.some(({ key }) => key === active) ? active : firstItem(entries);
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <ul
        aria-label={text.intents.status[status]}
        className="relative"
        style={{ height: rows.getTotalSize() }}
        onFocus={(event) => setActive(event.target.closest<HTMLElement>("[data-key]")?.dataset.key ?? null)}
      >
        {shown.map((item) => {
          const entry = entries[item.index];
          if (!entry) return null;
          return (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              data-key={entry.key}
              {...placeOf(entry, item, entries.length)}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {entry.kind === "group" ? (
                <GroupHeading entry={entry} />
              ) : (
                <BoardCard
                  intent={entry.intent}
                  selected={selected.has(entry.intent.id)}
                  tabbable={entry.key === tabbable}
                  titled={opened?.field === "title" && opened.id === entry.intent.id}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function placeOf(entry: Entry, item: VirtualItem, size: number) {
  return entry.kind === "group"
    ? {}
    : { "data-item": entry.intent.id, "aria-setsize": size, "aria-posinset": item.index + 1 };
}
