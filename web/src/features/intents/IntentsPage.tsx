import { type ReactNode, useMemo, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Menu, MenuCheck } from "@/components/Menu";
import { SearchField } from "@/components/SearchField";
import { Toolbar } from "@/components/Toolbar";
import type { IntentAssignee, IntentStatus, IntentType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { FieldEditor } from "./FieldEditor";
import { IntentBoard } from "./IntentBoard";
import { IntentDrawer } from "./IntentDrawer";
import { IntentFilters } from "./IntentFilters";
import { IntentForm } from "./IntentForm";
import { IntentTable } from "./IntentTable";
import { ItemMenu } from "./ItemMenu";
import { MyDay } from "./MyDay";
import { QuickAdd } from "./QuickAdd";
import { SelectedIntents } from "./SelectedIntents";
import { type ListColumn, type ViewName, useColumns, useView } from "./useView";
import { useItemCommands } from "./useItemCommands";
import type { Intent } from "./useIntents";
import { Workbench } from "./useWorkbench";
import { Writing } from "@/components/Writing";

type PageProps = {
  id: string | null;
  /** Rendered by other features for the open intent, before and after its details. */
  before?: (intent: Intent) => ReactNode;
  more?: (intent: Intent) => ReactNode;
  /** Proposals of other features that wait for the reader, for "My day". */
  waiting?: ReactNode;
};

/** To-dos and the work of the assistant as a board or as a list, with a drawer for the open one. */
export function IntentsPage({ id, before, more, waiting }: PageProps) {
  const [writing, setWriting] = useState(false);
  return (
    <Workbench>
      <div className="flex min-h-0 flex-1 flex-col">
        <ItemCommands openId={id} />
        <Views onForm={() => setWriting(true)} waiting={waiting} />
        <SelectedIntents />
        <IntentForm open={writing} onOpenChange={setWriting} conversationId={null} />
        <FieldEditor />
        <ItemMenu />
        {id !== null && <IntentDrawer key={id} id={id} before={before} more={more} />}
      </div>
    </Workbench>
  );
}

/** A component of its own, so that a change of an item does not render the whole page. */
function ItemCommands({ openId }: { openId: string | null }) {
  useItemCommands(openId);
  return null;
}

function Views({ onForm, waiting }: { onForm: () => void; waiting: ReactNode }) {
  const { intents: text } = useText();
  const { view, setView, order, setOrder, grouping, setGrouping } = useView();
  const board = useColumns<IntentStatus>("board");
  const list = useColumns<ListColumn>("list");
  const [words, setWords] = useState("");
  const [type, setType] = useState<IntentType | null>(null);
  const [assignee, setAssignee] = useState<IntentAssignee | null>(null);
  const [label, setLabel] = useState<string | null>(null);
  const [filtering, setFiltering] = useState(false);
  const filter = useMemo(() => ({ type, assignee, label, words: words.trim() }), [type, assignee, label, words]);
  return (
    <>
      <div className="px-4">
        <Toolbar>
          <Choices
            label={text.view}
            value={view}
            onChange={(next: ViewName) => setView(next)}
            choices={[
              ["day", text.day],
              ["board", text.board],
              ["list", text.list],
            ]}
          />
          <Button
            icon="settings"
            aria-expanded={filtering}
            onClick={() => setFiltering(!filtering)}
            className="ml-auto px-2.5! sm:hidden"
          >
            <span className="sr-only">{text.filters}</span>
          </Button>
          <div className={`flex flex-wrap items-center gap-2 ${filtering ? "" : "max-sm:hidden"}`}>
            <SearchField label={text.find} value={words} onChange={setWords} className="w-48 max-sm:w-full" />
            <IntentFilters
              {...{ type, setType, assignee, setAssignee, label, setLabel, order, setOrder, grouping, setGrouping }}
            />
            {view === "list" && <ColumnsMenu columns={list} names={text.listColumns} />}
            {view === "board" && <ColumnsMenu columns={board} names={text.status} />}
          </div>
        </Toolbar>
      </div>
      <Writing>
        <QuickAdd onForm={onForm} />
      </Writing>
      {view === "day" && <MyDay filter={filter} waiting={waiting} />}
      {view === "list" && <IntentTable filter={filter} order={order} grouping={grouping} columns={list.shown} />}
      {view === "board" && <IntentBoard filter={filter} order={order} grouping={grouping} columns={board.shown} />}
    </>
  );
}

type ColumnsProps<T extends string> = {
  columns: { all: readonly T[]; shown: readonly T[]; toggle: (column: T, shown: boolean) => void };
  names: Readonly<Record<T, string>>;
};

function ColumnsMenu<T extends string>({ columns: { all, shown, toggle }, names }: ColumnsProps<T>) {
  const { intents: text } = useText();
  return (
    <Menu trigger={<Button icon="board">{text.columns}</Button>}>
      {all.map((column) => (
        <MenuCheck key={column} checked={shown.includes(column)} onChange={(on) => toggle(column, on)}>
          {names[column]}
        </MenuCheck>
      ))}
    </Menu>
  );
}
