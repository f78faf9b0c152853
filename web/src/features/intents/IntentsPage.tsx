import { type ReactNode, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { SelectInput } from "@/components/Field";
import { SearchField } from "@/components/SearchField";
import { Toolbar } from "@/components/Toolbar";
import type { IntentOrder, IntentType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useStorage } from "@/lib/storage";
import { withSelected } from "@/lib/selection";
import { IntentBoard } from "./IntentBoard";
import { IntentDrawer } from "./IntentDrawer";
import { IntentForm } from "./IntentForm";
import { IntentTable } from "./IntentTable";
import { SelectedIntents } from "./SelectedIntents";
import { intentTypes } from "./types";
import type { Intent } from "./useIntents";

type PageProps = {
  id: string | null;
  /** Rendered by other features for the open intent, before and after its details. */
  before?: (intent: Intent) => ReactNode;
  more?: (intent: Intent) => ReactNode;
};

/** All intents as a board by status or as a table, with a drawer for the open one. */
export function IntentsPage({ id, before, more }: PageProps) {
  const text = useText();
  const [view, setView] = useStorage("resonant.intentsView");
  const [words, setWords] = useState("");
  const [type, setType] = useState<IntentType | "">("");
  const [order, setOrder] = useState<IntentOrder>("NEWEST");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [writing, setWriting] = useState(false);
  const filter = { type: type === "" ? null : type, order, words };
  const select = (intentId: string, wanted: boolean) => setSelected((before) => withSelected(before, intentId, wanted));
  const List = view === "list" ? IntentTable : IntentBoard;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="px-4">
        <Toolbar>
          <Choices
            label={text.intents.view}
            value={view === "list" ? "list" : "board"}
            onChange={setView}
            choices={[
              ["board", text.intents.board],
              ["list", text.intents.list],
            ]}
          />
          <SearchField label={text.intents.find} value={words} onChange={setWords} className="w-56 max-sm:w-full" />
          <SelectInput label={text.intents.type} value={type} onChange={(next) => setType(next as IntentType | "")}>
            <option value="">{text.intents.allTypes}</option>
            {intentTypes.map((each) => (
              <option key={each} value={each}>
                {text.intents.types[each]}
              </option>
            ))}
          </SelectInput>
          <SelectInput label={text.intents.order} value={order} onChange={(next) => setOrder(next as IntentOrder)}>
            {(["NEWEST", "OLDEST", "PRIORITY"] as const).map((each) => (
              <option key={each} value={each}>
                {text.intents.orders[each]}
              </option>
            ))}
          </SelectInput>
          <Button look="primary" icon="plus" className="ml-auto" onClick={() => setWriting(true)}>
            {text.intents.new}
          </Button>
        </Toolbar>
      </div>
      <List filter={filter} selected={selected} onSelect={select} />
      <SelectedIntents selected={selected} onClear={() => setSelected(new Set())} />
      <IntentForm open={writing} onOpenChange={setWriting} conversationId={null} />
      {id !== null && <IntentDrawer key={id} id={id} before={before} more={more} />}
    </div>
  );
}
