import { type ReactNode, type Ref, memo } from "react";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { TimeAgo } from "@/components/TimeAgo";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { Checkbox } from "./Checkbox";
import { DueField, LabelsField, MenuButton, PriorityField } from "./ItemFields";
import { StatusBadge } from "./StatusBadge";
import { TitleEditor } from "./TitleEditor";
import { type Intent, canEdit, isOfPerson } from "./useIntents";
import type { ListColumn } from "./useView";
import { shortTitle, useWorkbench } from "./useWorkbench";
import { usePeople } from "@/lib/people";

const cell = "border-b border-line px-2 py-1.5 text-start align-top";

type RowProps = {
  ref: Ref<HTMLTableRowElement>;
  index: number;
  entryKey: string;
  intent: Intent;
  columns: readonly ListColumn[];
  selected: boolean;
  tabbable: boolean;
  titled: boolean;
};

/** One item in the list; a phone shows its due date and labels below its text. */
export const IntentRow = memo(function IntentRow({ ref, index, entryKey, intent, columns, ...row }: RowProps) {
  const { intents: text } = useText();
  const { open, select } = useWorkbench();
  const { selected, tabbable, titled } = row;
  return (
    <tr
      ref={ref}
      data-index={index}
      data-key={entryKey}
      data-item={intent.id}
      aria-rowindex={index + 2}
      className={`group hover:bg-hover ${selected ? "bg-tint" : ""}`}
    >
      <td className={cell}>
        <Checkbox intent={intent} checked={selected} tabbable={tabbable} onSelect={select} />
      </td>
      <td className={`${cell} whitespace-nowrap`}>
        <StatusBadge intent={intent} />
      </td>
      <td className={cell}>
        <div className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            {titled ? (
              <TitleEditor intent={intent} onDone={() => open(null)} />
            ) : (
              <RouteLink
                to={toPage("intents", intent.id)}
                data-item-link
                tabIndex={tabbable ? 0 : -1}
                className="line-clamp-2 wrap-anywhere hover:underline hover:underline-offset-4"
              >
                {intent.description}
              </RouteLink>
            )}
            <ProjectTag project={intent.project} className="flex!" />
            <div className="-ml-1 flex flex-wrap gap-x-1 empty:hidden sm:hidden">
              <DueField intent={intent} tabbable={tabbable} />
              <PriorityField intent={intent} tabbable={tabbable} />
              <LabelsField intent={intent} tabbable={tabbable} />
            </div>
          </div>
          <MenuButton intent={intent} tabbable={tabbable} label={text.menu(shortTitle(intent))} />
        </div>
      </td>
      {columns.map((column) => (
        <td key={column} className={`${cell} max-sm:hidden`}>
          <Cell column={column} intent={intent} tabbable={tabbable} />
        </td>
      ))}
    </tr>
  );
});

type CellProps = { column: ListColumn; intent: Intent; tabbable: boolean };

function Cell({ column, intent, tabbable }: CellProps): ReactNode {
  const { intents: text } = useText();
  const none = <span className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">+</span>;
  switch (column) {
    case "due":
      return <DueField intent={intent} tabbable={tabbable} empty={none} />;
    case "labels":
      return <LabelsField intent={intent} tabbable={tabbable} empty={none} />;
    case "priority":
      return <PriorityField intent={intent} tabbable={tabbable} short />;
    case "assignee":
      return <AssigneeCell intent={intent} tabbable={tabbable} />;
    case "type":
      return <span className="text-soft">{intent.intentType ? text.types[intent.intentType] : text.unclassified}</span>;
    case "changed":
      return <TimeAgo at={intent.updatedAt} className="whitespace-nowrap text-faint" />;
  }
}

function AssigneeCell({ intent, tabbable }: Omit<CellProps, "column">) {
  const { intents: text } = useText();
  const { handOver } = useWorkbench();
  const { viewerId, find } = usePeople();
  const { assigneeId } = intent;
  const other = assigneeId && assigneeId !== viewerId ? find(assigneeId) : undefined;
  const name = other?.displayName ?? text.assignees[intent.assignee];
  if (!canEdit(intent)) return <span className="px-1 text-xs text-faint">{name}</span>;
  return (
    <button
      type="button"
      tabIndex={tabbable ? 0 : -1}
      title={isOfPerson(intent) ? text.handToAssistant : text.takeOver}
      onClick={() => handOver(intent)}
      className="min-h-6 rounded-md px-1 text-xs hover:bg-hover"
    >
      {name}
    </button>
  );
}
