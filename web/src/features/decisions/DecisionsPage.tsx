import { type ReactNode, useState } from "react";
import { Button } from "@/components/Button";
import { SelectInput } from "@/components/Field";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { TryInChat } from "@/components/TryInChat";
import { SearchField } from "@/components/SearchField";
import { SplitPage } from "@/components/SplitPage";
import { Toolbar } from "@/components/Toolbar";
import type { DecisionStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import { foldForSearch } from "@/lib/search";
import { DecisionForm } from "./DecisionForm";
import { DecisionRow } from "./DecisionRow";
import { DecisionView } from "./DecisionView";
import { type Decision, type Decisions, decisionStatuses, useDecisions } from "./useDecisions";
import { Writing } from "@/components/Writing";

const NEW = "new";

type PageProps = {
  id: string | null;
  /** Rendered by other features for the open decision, before its content. */
  before?: (decision: Decision) => ReactNode;
};

/** The list of decisions and the open one. */
export function DecisionsPage({ id, before }: PageProps) {
  const text = useText();
  const [status, setStatus] = useState<DecisionStatus | "">("");
  const decisions = useDecisions(status === "" ? null : status);
  return (
    <SplitPage
      label={text.decisions.title}
      open={id !== null}
      onBack={() => navigate(toPage("decisions"))}
      list={<List openId={id} status={status} onStatus={setStatus} decisions={decisions} />}
      empty={<EmptyState icon="fork" title={text.decisions.choose} hint={text.decisions.chooseHint} />}
    >
      {id === NEW && (
        <DecisionForm
          decision={null}
          accepted={decisions.decisions.filter((each) => each.status === "ACCEPTED")}
          record={decisions.record}
          update={decisions.update}
          onDone={(saved) => navigate(toPage("decisions", saved?.id ?? null))}
        />
      )}
      {id !== null && id !== NEW && <DecisionView key={id} id={id} before={before} {...decisions} />}
    </SplitPage>
  );
}

type ListProps = {
  openId: string | null;
  status: DecisionStatus | "";
  onStatus: (status: DecisionStatus | "") => void;
  decisions: Decisions;
};

function List({ openId, status, onStatus, decisions: { decisions, ...pages } }: ListProps) {
  const text = useText();
  const [words, setWords] = useState("");
  const [topic, setTopic] = useState("");
  const topics = [...new Set(decisions.map((each) => each.topic))].sort((a, b) => a.localeCompare(b));
  const shown = decisions.filter(
    (each) => (topic === "" || each.topic === topic) && searchTextOf(each).includes(foldForSearch(words)),
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="px-4">
        <Toolbar>
          <SearchField
            label={text.decisions.find}
            value={words}
            onChange={setWords}
            className="min-w-full sm:min-w-0 sm:flex-1 lg:min-w-full"
          />
          <Writing>
            <Button look="primary" icon="plus" onClick={() => navigate(toPage("decisions", NEW))}>
              {text.decisions.new}
            </Button>
          </Writing>
          <SelectInput
            label={text.decisions.status}
            value={status}
            onChange={(next) => onStatus(next as DecisionStatus | "")}
          >
            <option value="">{text.decisions.anyStatus}</option>
            {decisionStatuses.map((each) => (
              <option key={each} value={each}>
                {text.decisions.statuses[each]}
              </option>
            ))}
          </SelectInput>
          {topics.length > 1 && (
            <SelectInput label={text.decisions.topic} value={topic} onChange={setTopic}>
              <option value="">{text.decisions.anyTopic}</option>
              {topics.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </SelectInput>
          )}
        </Toolbar>
      </div>
      <ul className="min-h-0 flex-1 space-y-1 overflow-y-auto px-2 pb-4">
        {shown.map((each) => (
          <DecisionRow key={each.id} decision={each} current={each.id === openId} />
        ))}
        {pages.failure && shown.length === 0 && (
          <li>
            <LoadFailed title={text.decisions.failed} failure={pages.failure} onRetry={pages.reload} />
          </li>
        )}
        {pages.loading && shown.length === 0 && (
          <li>
            <Loading />
          </li>
        )}
        {!pages.loading && !pages.failure && shown.length === 0 && (
          <li>
            <EmptyState icon="fork" title={text.decisions.empty} hint={text.decisions.emptyHint}>
              <TryInChat example={text.introduction.cards.decision.example} />
            </EmptyState>
          </li>
        )}
        {pages.hasMore && (
          <li>
            <Button look="quiet" className="w-full" onClick={pages.loadMore}>
              {text.loadMore}
            </Button>
          </li>
        )}
      </ul>
    </div>
  );
}

function searchTextOf({ number, title, topic, value, options, tags }: Decision): string {
  return foldForSearch(
    [`ADR ${number}`, title, topic, value ?? "", ...options.map(({ label }) => label), ...tags].join(" "),
  );
}
