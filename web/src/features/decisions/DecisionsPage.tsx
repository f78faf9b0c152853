import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { SelectInput } from "@/components/Field";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { SearchField } from "@/components/SearchField";
import { useAttempt } from "@/components/Toasts";
import { Toolbar } from "@/components/Toolbar";
import { useText } from "@/lib/language";
import { foldForSearch } from "@/lib/search";
import { ChoiceForm } from "./ChoiceForm";
import { DecisionCard } from "./DecisionCard";
import { type ChoicePoint, isDecided, useChoicePoints } from "./useChoicePoints";

/** Open questions, and decisions with their reasons. */
export function DecisionsPage({ id }: { id: string | null }) {
  const text = useText();
  const attempt = useAttempt();
  const [decided, setDecided] = useState(false);
  const [search, setSearch] = useState("");
  const [tag, setTag] = useState("");
  const [writing, setWriting] = useState(false);
  const { choicePoints, loading, failure, reload, hasMore, loadMore, create, decide, fetchOne } =
    useChoicePoints(decided);
  // The tab switches to the one that contains the decision of the address.
  useEffect(() => {
    if (id === null) return;
    void attempt(async () => {
      const found = await fetchOne(id);
      if (found) setDecided(isDecided(found));
    });
  }, [attempt, fetchOne, id]);
  const tags = [...new Set(choicePoints.flatMap((each) => each.tags))].sort();
  const shown = choicePoints.filter(
    (each) => (tag === "" || each.tags.includes(tag)) && searchTextOf(each).includes(foldForSearch(search)),
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl px-4 pb-10">
        <Toolbar>
          <Choices
            label={text.decisions.title}
            value={decided ? "decided" : "open"}
            onChange={(next) => setDecided(next === "decided")}
            choices={[
              ["open", text.decisions.open],
              ["decided", text.decisions.decided],
            ]}
          />
          <SearchField label={text.decisions.find} value={search} onChange={setSearch} className="w-52 max-sm:w-full" />
          {tags.length > 0 && (
            <SelectInput label={text.tags} value={tag} onChange={setTag}>
              <option value="">{text.anyTag}</option>
              {tags.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </SelectInput>
          )}
          <Button look="primary" icon="plus" className="ml-auto" onClick={() => setWriting(true)}>
            {text.decisions.new}
          </Button>
        </Toolbar>
        <ul className="space-y-3">
          {shown.map((each) => (
            <DecisionCard key={each.id} choicePoint={each} decide={decide} pointed={each.id === id} />
          ))}
        </ul>
        {failure && shown.length === 0 && (
          <LoadFailed title={text.decisions.failed} failure={failure} onRetry={reload} />
        )}
        {loading && shown.length === 0 && <Loading />}
        {!loading && !failure && shown.length === 0 && (
          <EmptyState
            icon="fork"
            title={decided ? text.decisions.noneDecided : text.decisions.noneOpen}
            hint={text.decisions.emptyHint}
          />
        )}
        {hasMore && (
          <Button look="quiet" className="mt-3 w-full" onClick={loadMore}>
            {text.loadMore}
          </Button>
        )}
      </div>
      <ChoiceForm
        open={writing}
        onOpenChange={setWriting}
        onCreate={async (input) => {
          if (!(await attempt(() => create(input)))) return false;
          setDecided(false);
          return true;
        }}
      />
    </div>
  );
}

function searchTextOf({ question, rationale, options, tags }: ChoicePoint): string {
  return foldForSearch([question, rationale ?? "", ...options.map(({ label }) => label), ...tags].join(" "));
}
