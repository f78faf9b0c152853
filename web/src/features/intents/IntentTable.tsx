import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { SelectInput } from "@/components/Field";
import { LoadFailed, Loading } from "@/components/Notice";
import type { IntentStatus } from "@/gql/graphql";
import { intentStatuses } from "@/lib/boardPages";
import { useText } from "@/lib/language";
import { GroupHeading } from "./GroupHeading";
import type { ListProps } from "./IntentBoard";
import { IntentRow } from "./IntentRow";
import { IntentsEmpty } from "./IntentsEmpty";
import { arrange } from "./arrange";
import { useItemKeys } from "./itemKeys";
import { firstItem, focusWhenRendered, nearestItem } from "./listFocus";
import { useIntentPages } from "./useIntentPages";
import { useMinute } from "./useMinute";
import type { ListColumn } from "./useView";
import { useWorkbenchState } from "./useWorkbench";

const USUAL_ROW_PX = 45;
const PAGE_SIZE = 50;
const LOAD_WITHIN = 12;
const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
/** The width of each column in rem; the description takes the rest. */
const WIDTHS: Readonly<Record<ListColumn, number>> = {
  due: 11,
  labels: 9,
  priority: 5,
  assignee: 7,
  type: 7,
  changed: 7,
};

type TableProps = ListProps & { columns: readonly ListColumn[] };

/** The intents as a table; only the visible rows are in the document. */
export function IntentTable({ filter, order, grouping, columns }: TableProps) {
  const text = useText();
  const hint = useId();
  const [status, setStatus] = useState<IntentStatus | "">("");
  const within = useMemo(() => ({ ...filter, statuses: status === "" ? intentStatuses : [status] }), [filter, status]);
  const { intents, loading, loadingMore, failure, hasMore, loadMore, reload } = useIntentPages(within, {
    order,
    grouping,
    pageSize: PAGE_SIZE,
  });
  const now = useMinute();
  const entries = useMemo(() => arrange(intents, order, grouping, now), [intents, order, grouping, now]);
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const { selected, opened } = useWorkbenchState();
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    getItemKey: (index) => entries[index]?.key ?? index,
    estimateSize: () => USUAL_ROW_PX,
    overscan: 6,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const mayLoad = hasMore && !loadingMore && !failure;
  useEffect(() => {
    if (mayLoad && last >= entries.length - LOAD_WITHIN) loadMore();
  }, [mayLoad, last, entries.length, loadMore]);
  const onKeyDown = useItemKeys({
    onStep: (event, { item }) => {
      const step = STEPS[event.key];
      if (step === undefined) return false;
      const target = nearestItem(entries, Number(item.dataset.index) + step, step);
      if (target === null) return true;
      rows.scrollToIndex(target);
      focusWhenRendered(box.current, target);
      return true;
    },
    follow: true,
  });
  const tabbable = entries.some(({ key }) => key === active) ? active : firstItem(entries);
  const above = shown[0]?.start ?? 0;
  const below = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-auto px-4 pb-4">
      <p id={hint} className="sr-only">
        {text.intents.listHint}
      </p>
      <table
        aria-describedby={hint}
        aria-rowcount={hasMore ? -1 : entries.length + 1}
        onKeyDown={onKeyDown}
        onFocus={(event) => setActive(event.target.closest<HTMLElement>("[data-key]")?.dataset.key ?? null)}
        className="w-full table-fixed border-collapse text-sm sm:min-w-140"
      >
        <colgroup>
          <col className="w-8" />
          <col className="w-36 max-sm:w-30" />
          <col />
          {columns.map((column) => (
            <col key={column} className="max-sm:hidden" style={{ width: `${WIDTHS[column]}rem` }} />
          ))}
        </colgroup>
        <thead className="sticky top-0 z-20 bg-paper text-xs whitespace-nowrap text-faint">
          <tr>
            <th className="border-b border-line">
              <span className="sr-only">{text.intents.selection}</span>
            </th>
            <th className="border-b border-line px-2 py-1.5 text-start font-medium max-sm:px-0 [&_select]:w-full [&_select]:max-sm:px-1 [&_select]:max-sm:text-xs">
              <StatusFilter value={status} onChange={setStatus} />
            </th>
            <th className="border-b border-line px-2 text-start font-medium">{text.intents.listColumns.description}</th>
            {columns.map((column) => (
              <th key={column} className="border-b border-line px-2 text-start font-medium max-sm:hidden">
                {text.intents.listColumns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={above} />
          {shown.map(({ index, key }) => {
            const entry = entries[index];
            if (!entry) return null;
            if (entry.kind === "group")
              return (
                <tr key={key} ref={rows.measureElement} data-index={index} aria-rowindex={index + 2}>
                  <td colSpan={3} className="border-b border-line pt-3">
                    <GroupHeading entry={entry} />
                  </td>
                  {columns.length > 0 && <td colSpan={columns.length} className="border-b border-line max-sm:hidden" />}
                </tr>
              );
            const { intent } = entry;
            return (
              <IntentRow
                key={key}
                ref={rows.measureElement}
                index={index}
                entryKey={entry.key}
                intent={intent}
                columns={columns}
                selected={selected.has(intent.id)}
                tabbable={entry.key === tabbable}
                titled={opened?.field === "title" && opened.id === intent.id}
              />
            );
          })}
          <Spacer height={below} />
        </tbody>
      </table>
      {intents.length === 0 && failure && <LoadFailed title={text.intents.failed} failure={failure} onRetry={reload} />}
      {intents.length === 0 && loading && <Loading />}
      {intents.length === 0 && !loading && !failure && <IntentsEmpty filter={filter} filtered={status !== ""} />}
    </div>
  );
}

function StatusFilter({
  value,
  onChange,
}: {
  value: IntentStatus | "";
  onChange: (status: IntentStatus | "") => void;
}) {
  const { intents: text } = useText();
  return (
    <SelectInput label={text.statusName} value={value} onChange={(next) => onChange(next as IntentStatus | "")}>
      <option value="">{text.anyStatus}</option>
      {intentStatuses.map((each) => (
        <option key={each} value={each}>
          {text.status[each]}
        </option>
      ))}
    </SelectInput>
  );
}

/** Takes the place of the rows that are not in the document. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      {/* One cell: a cell that spans columns which a phone does not show would take their width there. */}
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}
