import { useState } from "react";
import { Button } from "@/components/Button";
import { SelectInput } from "@/components/Field";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { TimeAgo } from "@/components/TimeAgo";
import type { IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { Checkbox, type ListProps } from "./IntentBoard";
import { StatusBadge, ToDoBadge } from "./StatusBadge";
import { intentStatuses } from "./types";
import { useIntentPages } from "./useIntentPages";

const cell = "border-b border-line px-2 py-1.5 text-start align-top";
// A phone shows the description and the status only; the drawer shows the rest.
const wideOnly = `${cell} max-sm:hidden`;

/** The intents as a table. */
export function IntentTable({ filter, selected, onSelect }: ListProps) {
  const text = useText();
  const [status, setStatus] = useState<IntentStatus | "">("");
  const { intents, loading, failure, hasMore, loadMore, reload } = useIntentPages({
    ...filter,
    statuses: status === "" ? null : [status],
  });
  return (
    <div className="min-h-0 flex-1 overflow-auto px-4 pb-4">
      <table className="w-full border-collapse text-sm sm:min-w-140">
        <thead className="sticky top-0 z-20 bg-paper text-xs whitespace-nowrap text-faint">
          <tr>
            <th className={cell}>
              <span className="sr-only">{text.intents.selection}</span>
            </th>
            <th className={cell}>
              <SelectInput
                label={text.intents.statusName}
                value={status}
                onChange={(next) => setStatus(next as IntentStatus | "")}
              >
                <option value="">{text.intents.anyStatus}</option>
                {intentStatuses.map((each) => (
                  <option key={each} value={each}>
                    {text.intents.status[each]}
                  </option>
                ))}
              </SelectInput>
            </th>
            <th className={`${cell} w-full font-medium`}>{text.intents.description}</th>
            <th className={`${wideOnly} font-medium`}>{text.intents.type}</th>
            <th className={`${wideOnly} font-medium`}>{text.intents.priority}</th>
            <th className={`${wideOnly} font-medium`}>{text.intents.changed}</th>
          </tr>
        </thead>
        <tbody>
          {intents.map((intent) => (
            <tr key={intent.id} className={`hover:bg-hover ${selected.has(intent.id) ? "bg-tint" : ""}`}>
              <td className={cell}>
                <Checkbox intent={intent} checked={selected.has(intent.id)} onSelect={onSelect} />
              </td>
              <td className={`${cell} whitespace-nowrap`}>
                <div className="flex flex-col items-start gap-1">
                  <StatusBadge intent={intent} />
                  <ToDoBadge intent={intent} />
                </div>
              </td>
              <td className={cell}>
                <RouteLink
                  to={toPage("intents", intent.id)}
                  className="line-clamp-2 wrap-anywhere hover:underline hover:underline-offset-4"
                >
                  {intent.description}
                </RouteLink>
              </td>
              <td className={`${wideOnly} whitespace-nowrap text-soft`}>
                {intent.intentType ? text.intents.types[intent.intentType] : text.intents.unclassified}
              </td>
              <td className={`${wideOnly} text-end tabular-nums`}>{intent.priority}</td>
              <td className={`${wideOnly} whitespace-nowrap text-faint`}>
                <TimeAgo at={intent.updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {intents.length === 0 && failure && <LoadFailed title={text.intents.failed} failure={failure} onRetry={reload} />}
      {intents.length === 0 && loading && <Loading />}
      {intents.length === 0 && !loading && !failure && (
        <EmptyState title={text.intents.empty} hint={text.intents.emptyHint} />
      )}
      {hasMore && (
        <Button look="quiet" className="mt-3 w-full" onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
    </div>
  );
}
