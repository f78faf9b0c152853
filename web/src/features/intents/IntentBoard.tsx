import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { LoadFailed, Loading } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { TimeAgo } from "@/components/TimeAgo";
import type { IntentStatus } from "@/gql/graphql";
import { dueTime } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { errorOf } from "@/lib/messages";
import { toPage } from "@/lib/route";
import { Progress } from "./Progress";
import { StatusIcon, ToDoBadge } from "./StatusBadge";
import { ToDoActions } from "./ToDoActions";
import { endedStatuses, intentStatuses, openStatuses } from "./types";
import { type IntentFilter, useIntentPages } from "./useIntentPages";
import { type Intent, isOpen } from "./useIntents";

export type ListProps = {
  filter: Omit<IntentFilter, "statuses">;
  selected: ReadonlySet<string>;
  onSelect: (id: string, on: boolean) => void;
};

/** A column for each status; what moves on moves over. */
export function IntentBoard({ filter, selected, onSelect }: ListProps) {
  const text = useText();
  const open = useIntentPages({ ...filter, statuses: openStatuses });
  const ended = useIntentPages({ ...filter, statuses: endedStatuses });
  const intents = [...open.intents, ...ended.intents];
  if (intents.length === 0 && open.failure)
    return <LoadFailed title={text.intents.failed} failure={open.failure} onRetry={open.reload} />;
  if (intents.length === 0 && (open.loading || ended.loading)) return <Loading />;
  return (
    <div
      role="region"
      aria-label={text.intents.board}
      tabIndex={0}
      className="flex min-h-0 flex-1 snap-x scroll-px-4 gap-3 overflow-x-auto px-4 pb-4"
    >
      {intentStatuses.map((status) => {
        const { hasMore, loadMore } = openStatuses.includes(status) ? open : ended;
        return (
          <Column
            key={status}
            status={status}
            intents={intents.filter((intent) => intent.status === status)}
            selected={selected}
            onSelect={onSelect}
            onMore={hasMore ? loadMore : undefined}
          />
        );
      })}
    </div>
  );
}

type ColumnProps = Pick<ListProps, "selected" | "onSelect"> & {
  status: IntentStatus;
  intents: readonly Intent[];
  onMore: (() => void) | undefined;
};

function Column({ status, intents, selected, onSelect, onMore }: ColumnProps) {
  const { language, text } = useLanguage();
  const heading = `column-${status}`;
  return (
    <section
      aria-labelledby={heading}
      className={`flex min-w-52 flex-1 snap-start flex-col rounded-2xl bg-shelf max-sm:min-w-[78vw] ${intents.length === 0 ? "max-sm:hidden" : ""}`}
    >
      <h2 id={heading} className="flex items-center gap-2 px-3.5 py-2.5 text-sm font-medium">
        <StatusIcon status={status} />
        {text.intents.status[status]}
        <span className="ml-auto text-xs text-faint tabular-nums">
          {new Intl.NumberFormat(language).format(intents.length)}
          {onMore && "+"}
        </span>
      </h2>
      <ul className="min-h-0 flex-1 space-y-2 overflow-y-auto px-2 pb-2">
        {intents.map((intent) => (
          <BoardCard key={intent.id} intent={intent} selected={selected.has(intent.id)} onSelect={onSelect} />
        ))}
        {onMore && (
          <li>
            <Button look="quiet" className="w-full text-xs" onClick={onMore}>
              {text.loadMore}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}

type CardProps = { intent: Intent; selected: boolean; onSelect: ListProps["onSelect"] };

function BoardCard({ intent, selected, onSelect }: CardProps) {
  const { language, text, translate } = useLanguage();
  const { intentType, priority, dueAt, progress, error } = intent;
  return (
    <li
      className={`group relative animate-rise rounded-xl border bg-raised p-3 text-sm hover:border-edge ${selected ? "border-wave" : "border-line"}`}
    >
      <div className="mb-1 flex items-center gap-2 text-xs text-faint">
        <ToDoBadge intent={intent} />
        <span className="truncate">{intentType ? text.intents.types[intentType] : text.intents.unclassified}</span>
        {priority > 0 && <span className="shrink-0 font-medium text-wave">{text.intents.priorityOf(priority)}</span>}
        <Checkbox intent={intent} checked={selected} onSelect={onSelect} />
      </div>
      <RouteLink
        to={toPage("intents", intent.id)}
        className="line-clamp-3 rounded wrap-anywhere after:absolute after:inset-0 after:rounded-xl"
      >
        {intent.description}
      </RouteLink>
      {intent.status === "PROCESSING" && <Progress progress={progress ?? null} />}
      {intent.status === "FAILED" && error && (
        <p className="mt-1 line-clamp-2 text-xs text-rust">{translate(errorOf(intent, error))}</p>
      )}
      <div className="relative z-10 mt-2 flex flex-wrap gap-1.5 empty:hidden">
        <ToDoActions intent={intent} reopening={false} className="min-h-8 px-2.5 py-1 text-xs" />
      </div>
      <p className="mt-1.5 flex items-center gap-1.5 text-xs text-faint">
        {dueAt && isOpen(intent) && (
          <span className="flex items-center gap-1 text-ember">
            <Icon name="clock" />
            {dueTime(dueAt, language)}
          </span>
        )}
        <TimeAgo at={intent.updatedAt} className="ml-auto" />
      </p>
    </li>
  );
}

type CheckboxProps = { intent: Intent; checked: boolean; onSelect: ListProps["onSelect"] };

/** Takes an intent into the selection, or out of it. */
export function Checkbox({ intent, checked, onSelect }: CheckboxProps) {
  const text = useText();
  return (
    <input
      type="checkbox"
      aria-label={text.intents.select(intent.description.slice(0, 60))}
      checked={checked}
      onChange={(event) => onSelect(intent.id, event.target.checked)}
      className="relative z-10 ml-auto size-4 shrink-0 cursor-pointer accent-wave"
    />
  );
}
