import { SelectInput } from "@/components/Field";
import type { IntentAssignee, IntentType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { type Grouping, type Order, groupings, orders } from "./arrange";
import { intentTypes } from "./types";
import { useIntents } from "./useIntents";

type FiltersProps = {
  type: IntentType | null;
  setType: (type: IntentType | null) => void;
  assignee: IntentAssignee | null;
  setAssignee: (assignee: IntentAssignee | null) => void;
  label: string | null;
  setLabel: (label: string | null) => void;
  order: Order;
  setOrder: (order: Order) => void;
  grouping: Grouping;
  setGrouping: (grouping: Grouping) => void;
};

const orNull = (value: string) => (value === "" ? null : value);

/** The filters of the intents, their order and their groups. */
export function IntentFilters(props: FiltersProps) {
  const { intents: text } = useText();
  const { type, setType, assignee, setAssignee, label, setLabel, order, setOrder, grouping, setGrouping } = props;
  const { intents } = useIntents();
  const labels = [...new Set([...intents.flatMap((intent) => intent.labels), ...(label ? [label] : [])])].sort();
  return (
    <>
      <SelectInput
        label={text.assignee}
        value={assignee ?? ""}
        onChange={(next) => setAssignee(orNull(next) as IntentAssignee | null)}
      >
        <option value="">{text.anyAssignee}</option>
        <option value="PERSON">{text.assignees.PERSON}</option>
        <option value="ASSISTANT">{text.assignees.ASSISTANT}</option>
      </SelectInput>
      {labels.length > 0 && (
        <SelectInput label={text.labels} value={label ?? ""} onChange={(next) => setLabel(orNull(next))}>
          <option value="">{text.anyLabel}</option>
          {labels.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectInput>
      )}
      <SelectInput label={text.type} value={type ?? ""} onChange={(next) => setType(orNull(next) as IntentType | null)}>
        <option value="">{text.allTypes}</option>
        {intentTypes.map((each) => (
          <option key={each} value={each}>
            {text.types[each]}
          </option>
        ))}
      </SelectInput>
      <SelectInput label={text.order} value={order} onChange={(next) => setOrder(next as Order)}>
        {orders.map((each) => (
          <option key={each} value={each}>
            {text.orders[each]}
          </option>
        ))}
      </SelectInput>
      <SelectInput label={text.group} value={grouping} onChange={(next) => setGrouping(next as Grouping)}>
        {groupings.map((each) => (
          <option key={each} value={each}>
            {text.groups[each]}
          </option>
        ))}
      </SelectInput>
    </>
  );
}
