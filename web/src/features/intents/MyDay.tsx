import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useId, useRef } from "react";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { Button } from "@/components/Button";
import type { IntentStatus } from "@/gql/graphql";
import { openStatuses } from "@/lib/boardPages";
import { midnightIn } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import { BoardCard } from "./BoardCard";
import { Hold } from "./Hold";
import { dayOf } from "./day";
import { useItemKeys } from "./itemKeys";
import { type IntentFilter, useIntentPages } from "./useIntentPages";
import { type Intent, isContradicted } from "./useIntents";
import { useMinute } from "./useMinute";
import { useWorkbenchState } from "./useWorkbench";

const PAGE_SIZE = 50;
const awaiting: readonly IntentStatus[] = ["AWAITING_CONFIRMATION"];
const inProgress: readonly IntentStatus[] = ["PROCESSING"];
const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

type DayProps = {
  filter: Omit<IntentFilter, "statuses">;
  /** Proposals of other features that wait for the reader. */
  waiting?: ReactNode;
};

/** What is due or overdue, what is in progress, and what waits for an answer. */
export function MyDay({ filter, waiting }: DayProps) {
  const { intents: text } = useText();
  const now = useMinute();
  const held = usePagesWhile({ ...filter, statuses: awaiting }, () => true);
  const begun = usePagesWhile({ ...filter, statuses: inProgress }, () => true);
  // Pages are in the order of due dates, so the first row of another day is the last that matters.
  const due = usePagesWhile(
    { ...filter, statuses: openStatuses },
    ({ dueAt }) => dueAt != null && new Date(dueAt) < midnightIn(1, now),
  );
  const all = new Map([...held.intents, ...begun.intents, ...due.intents].map((intent) => [intent.id, intent]));
  const day = dayOf([...all.values()], now);
  const onKeyDown = useItemKeys({ onStep, follow: false });
  const empty = Object.values(day).every((rows) => rows.length === 0);
  const lists = [held, due, begun];
  const loading = lists.some((list) => list.loading);
  const failure = lists.find((list) => list.failure)?.failure;
  const reload = () => lists.forEach((list) => list.reload());
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-6" tabIndex={empty ? 0 : undefined}>
      <div className="mx-auto max-w-3xl" onKeyDown={onKeyDown}>
        <Part name={text.dayAnswers} intents={day.answers} held />
        {waiting}
        <Part name={text.dayOverdue} intents={day.overdue} />
        <Part name={text.dayToday} intents={day.today} />
        <Part name={text.dayProgress} intents={day.progress} />
        {empty && failure && <LoadFailed title={text.failed} failure={failure} onRetry={reload} />}
        {empty && !failure && loading && <Loading />}
        {empty && !failure && !loading && <EmptyState icon="check" title={text.dayEmpty} hint={text.dayEmptyHint} />}
      </div>
    </div>
  );
}

/** The intents in the order of due dates; reads the next page while all rows of the pages read so far are wanted. */
export function usePagesWhile(filter: IntentFilter, wants: (intent: Intent) => boolean) {
  const list = useIntentPages(filter, { order: "DUE", grouping: "DUE", pageSize: PAGE_SIZE });
  const { intents, hasMore, loadingMore, failure, loadMore } = list;
  const scope = JSON.stringify({ ...filter, words: "" });
  const read = useRef({ scope, pages: 1 });
  const readOn = useEffectEvent(() => {
    if (read.current.scope !== scope) read.current = { scope, pages: 1 };
    if (intents.filter(wants).length < read.current.pages * PAGE_SIZE) return;
    read.current.pages += 1;
    loadMore();
  });
  useEffect(() => {
    if (hasMore && !loadingMore && !failure) readOn();
  }, [hasMore, loadingMore, failure, intents]);
  return list;
}

type PartProps = { name: string; intents: readonly Intent[]; held?: boolean };

function Part({ name, intents, held = false }: PartProps) {
  const { language } = useLanguage();
  const heading = useId();
  const { selected, opened } = useWorkbenchState();
  if (intents.length === 0) return null;
  return (
    <section aria-labelledby={heading} className="pt-4">
      <h2 id={heading} className="flex items-center gap-2 pb-2 text-sm font-medium">
        {name}
        <span className="text-xs font-normal text-faint tabular-nums">
          {new Intl.NumberFormat(language).format(intents.length)}
        </span>
      </h2>
      <ul className="space-y-2">
        {intents.map((intent) => (
          <li key={intent.id} data-item={intent.id}>
            <BoardCard
              intent={intent}
              selected={selected.has(intent.id)}
              tabbable
              titled={opened?.field === "title" && opened.id === intent.id}
            />
            {held && <Answer intent={intent} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answer({ intent }: { intent: Intent }) {
  const { contradictions: text } = useText();
  if (!isContradicted(intent)) return <Hold intent={intent} className="px-3 pt-2" />;
  return (
    <Button look="primary" icon="alert" className="mt-2" onClick={() => navigate(toPage("intents", intent.id))}>
      {text.settle}
    </Button>
  );
}

/** Up and down move between the items of all parts; the other keys are those of the board. */
function onStep(event: KeyboardEvent, { link }: { link: HTMLElement }): boolean {
  const step = STEPS[event.key];
  if (step === undefined) return false;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-item-link]")];
  links[links.indexOf(link) + step]?.focus();
  return true;
}
