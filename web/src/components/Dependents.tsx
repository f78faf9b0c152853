import { Icon } from "@/components/Icon";
import { LoadFailed } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { kindIcons } from "@/components/kindIcons";
import { type Impact, useImpacts } from "@/lib/impacts";
import { useLanguage, useText } from "@/lib/language";
import type { ServerText } from "@/lib/messages";

/** The records to review, by id. */
export type Ticked = ReadonlyMap<string, Impact>;
export const noneTicked: Ticked = new Map();

type DependentsProps = {
  decision: { id: string; number: number };
  ticked: Ticked;
  onChange: (ticked: Ticked) => void;
};

/** What depends on a decision that is about to be replaced, with a check box for each record to review. */
export function Dependents({ decision, ticked, onChange }: DependentsProps) {
  const text = useText();
  const { impacts, notice, ...list } = useImpacts(decision.id);
  const tick = (changed: readonly Impact[], on: boolean) => {
    const next = new Map(ticked);
    for (const impact of changed) {
      if (on) next.set(impact.id, impact);
      else next.delete(impact.id);
    }
    onChange(next);
  };
  return (
    <fieldset className="min-w-0 rounded-xl border border-line p-3">
      <legend className="px-1 text-sm font-medium text-soft">{text.impacts.of(decision.number)}</legend>
      <State {...list} empty={impacts.length === 0} />
      {impacts.length > 0 && (
        <>
          <p className="text-xs text-faint">{text.impacts.hint}</p>
          {impacts.length > 1 && (
            <label className="mt-1.5 flex min-h-9 items-center gap-2.5 px-1.5 text-sm font-medium">
              <Box checked={impacts.every(({ id }) => ticked.has(id))} onChange={(on) => tick(impacts, on)} />
              {text.impacts.all(impacts.length)}
            </label>
          )}
          <ul className="mt-1 max-h-72 overflow-y-auto">
            {impacts.map((impact) => (
              <li key={impact.id}>
                <label className="flex items-start gap-2.5 rounded-lg px-1.5 py-1.5 text-sm hover:bg-hover">
                  <Box checked={ticked.has(impact.id)} onChange={(on) => tick([impact], on)} />
                  <Name impact={impact} />
                </label>
              </li>
            ))}
          </ul>
        </>
      )}
      <Cut notice={notice} />
    </fieldset>
  );
}

/** What depends on a decision, as links. */
export function DependentsList({ decisionId }: { decisionId: string }) {
  const { impacts, notice, ...list } = useImpacts(decisionId);
  return (
    <>
      <State {...list} empty={impacts.length === 0} />
      <ul>
        {impacts.map((impact) => (
          <li key={impact.id}>
            <RouteLink to={impact.subject.route} className="flex rounded-lg px-1.5 py-1.5 hover:bg-hover">
              <Name impact={impact} />
            </RouteLink>
          </li>
        ))}
      </ul>
      <Cut notice={notice} />
    </>
  );
}

/** Says that a limit was reached, so that the list is not everything. */
function Cut({ notice }: { notice: ServerText | null }) {
  const { translate } = useLanguage();
  return notice && <p className="mt-1.5 px-1.5 text-xs text-soft">{translate(notice)}</p>;
}

type StateProps = Pick<ReturnType<typeof useImpacts>, "loading" | "failure" | "reload"> & { empty: boolean };

function State({ loading, failure, reload, empty }: StateProps) {
  const text = useText();
  if (failure) return <LoadFailed title={text.impacts.failed} failure={failure} onRetry={reload} />;
  if (!empty) return null;
  return <p className="text-sm text-faint">{loading ? text.loading : text.impacts.none}</p>;
}

function Box({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <input
      type="checkbox"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
      className="mt-0.5 size-4 shrink-0 accent-wave"
    />
  );
}

function Name({ impact: { subject, reason } }: { impact: Impact }) {
  const { translate } = useLanguage();
  return (
    <span className="flex min-w-0 gap-2">
      <Icon name={kindIcons[subject.kind]} className="mt-0.5 size-4 shrink-0 text-wave" />
      <span className="min-w-0">
        <span className="line-clamp-2 wrap-anywhere">{subject.name}</span>
        <span className="line-clamp-2 text-xs wrap-anywhere text-soft">{translate(reason)}</span>
      </span>
    </span>
  );
}
