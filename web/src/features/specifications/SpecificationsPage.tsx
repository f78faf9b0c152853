import { useState } from "react";
import { Button } from "@/components/Button";
import { SelectInput } from "@/components/Field";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { TryInChat } from "@/components/TryInChat";
import { SearchField } from "@/components/SearchField";
import { SplitPage } from "@/components/SplitPage";
import { Toolbar } from "@/components/Toolbar";
import type { SpecificationStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import { foldForSearch } from "@/lib/search";
import { SpecificationEditor } from "./SpecificationEditor";
import { SpecificationRow } from "./SpecificationRow";
import { SpecificationView } from "./SpecificationView";
import { type Specifications, useSpecifications } from "./useSpecifications";
import { Writing } from "@/components/Writing";

const NEW = "new";
export const specificationStatuses: readonly SpecificationStatus[] = ["DRAFT", "REVIEW", "APPROVED"];

/** The list of specifications and the open one. */
export function SpecificationsPage({ id }: { id: string | null }) {
  const text = useText();
  const [status, setStatus] = useState<SpecificationStatus | "">("");
  const specifications = useSpecifications(status === "" ? null : status);
  return (
    <SplitPage
      label={text.specifications.title}
      open={id !== null}
      onBack={() => navigate(toPage("specifications"))}
      list={<List openId={id} status={status} onStatus={setStatus} specifications={specifications} />}
      empty={<EmptyState icon="page" title={text.specifications.choose} hint={text.specifications.chooseHint} />}
    >
      {id === NEW && (
        <SpecificationEditor
          specification={null}
          save={specifications.save}
          onDone={(saved) => navigate(toPage("specifications", saved?.id ?? null))}
        />
      )}
      {id !== null && id !== NEW && <SpecificationView key={id} id={id} {...specifications} />}
    </SplitPage>
  );
}

type ListProps = {
  openId: string | null;
  status: SpecificationStatus | "";
  onStatus: (status: SpecificationStatus | "") => void;
  specifications: Specifications;
};

function List({ openId, status, onStatus, specifications: { specifications, ...pages } }: ListProps) {
  const text = useText();
  const [words, setWords] = useState("");
  const [tag, setTag] = useState("");
  const tags = [...new Set(specifications.flatMap((each) => each.tags))].sort();
  const query = foldForSearch(words);
  const shown = specifications.filter(
    (each) =>
      (tag === "" || each.tags.includes(tag)) && foldForSearch(`${each.title} ${each.tags.join(" ")}`).includes(query),
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="px-4">
        <Toolbar>
          <SearchField
            label={text.specifications.find}
            value={words}
            onChange={setWords}
            className="min-w-full sm:min-w-0 sm:flex-1 lg:min-w-full"
          />
          <Writing>
            <Button look="primary" icon="plus" onClick={() => navigate(toPage("specifications", NEW))}>
              {text.specifications.new}
            </Button>
          </Writing>
          <SelectInput
            label={text.specifications.status}
            value={status}
            onChange={(next) => onStatus(next as SpecificationStatus | "")}
          >
            <option value="">{text.specifications.anyStatus}</option>
            {specificationStatuses.map((each) => (
              <option key={each} value={each}>
                {text.specifications.statuses[each]}
              </option>
            ))}
          </SelectInput>
          {tags.length > 0 && (
            <SelectInput label={text.tags} value={tag} onChange={setTag}>
              <option value="">{text.anyTag}</option>
              {tags.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </SelectInput>
          )}
        </Toolbar>
      </div>
      <ul className="min-h-0 flex-1 space-y-1 overflow-y-auto px-2 pb-4">
        {shown.map((each) => (
          <SpecificationRow key={each.id} specification={each} current={each.id === openId} />
        ))}
        {pages.failure && shown.length === 0 && (
          <li>
            <LoadFailed title={text.specifications.failed} failure={pages.failure} onRetry={pages.reload} />
          </li>
        )}
        {pages.loading && shown.length === 0 && (
          <li>
            <Loading />
          </li>
        )}
        {!pages.loading && !pages.failure && shown.length === 0 && (
          <li>
            <EmptyState icon="page" title={text.specifications.empty} hint={text.specifications.emptyHint}>
              <TryInChat example={text.specifications.tryIt} />
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
