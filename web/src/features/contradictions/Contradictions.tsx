import { useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { LoadFailed } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { UndoReplacement } from "@/components/UndoReplacement";
import { kindIcons } from "@/components/kindIcons";
import type { ContradictionFieldsFragment } from "@/gql/graphql";
import { Collection, oldestFirst } from "@/lib/collection";
import { useLanguage } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { subjectOf } from "@/lib/subject";
import { useLiveCollection } from "@/lib/useLiveCollection";
import { ResolveDialog } from "./ResolveDialog";
import { DecisionContradictions, IntentContradictions } from "./documents";
import { useCanWrite } from "@/lib/projects";

export type Contradiction = ContradictionFieldsFragment;

/** `words`: the description of the intent, or the title of the decision. */
type ListProps = {
  of: "intent" | "decision";
  id: string;
  words: string;
  version: number;
  project: { id: string };
};

/** The contradictions of an intent or a decision; open ones can be resolved here. A new `version` reads them again. */
export function Contradictions({ of, id, words, version, project }: ListProps) {
  const { text } = useLanguage();
  const request = useRequest();
  const [collection] = useState(() => new Collection<Contradiction>(oldestFirst));
  const { rows, failure, reload } = useLiveCollection({
    collection,
    readPage: async () => ({
      rows:
        (of === "intent"
          ? (await request(IntentContradictions, { id })).intent
          : (await request(DecisionContradictions, { id })).decision
        )?.contradictions ?? [],
      next: null,
    }),
    scope: String(version),
    events: {
      CONTRADICTION_FOUND: () => reload(),
      CONTRADICTION_RESOLVED: () => reload(),
      // Whether a replacement can be undone depends on both decisions.
      DECISION_UPDATED: () => reload(),
      DECISION_DELETED: () => reload(),
    },
  });
  if (failure) return <LoadFailed title={text.contradictions.failed} failure={failure} onRetry={reload} />;
  if (rows.length === 0) return null;
  return (
    <section aria-label={text.contradictions.title} className="space-y-2 px-3.5 pb-3">
      {rows.map((each) => (
        <Card key={each.id} contradiction={each} of={of} words={words} project={project} />
      ))}
    </section>
  );
}

type CardProps = Pick<ListProps, "of" | "words" | "project"> & { contradiction: Contradiction };

function Card({ contradiction, of, words, project }: CardProps) {
  const { language, text, translate } = useLanguage();
  const [settling, setSettling] = useState(false);
  const { kind, confidence, explanation, key, params, judge, status, rationale } = contradiction;
  const old = contradiction.conflictsWithDecision;
  const against = [contradiction.conflictsWith, old, contradiction.conflictsWithSpecification].flatMap(
    (node) => (node && subjectOf(node)) ?? [],
  );
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(confidence);
  const judges: Record<string, string> = text.contradictions.judges;
  const open = status === "PENDING";
  const canWrite = useCanWrite()({ project });
  return (
    <article className={`rounded-xl p-3.5 text-sm ${open ? "bg-ember-wash" : "border border-line"}`}>
      <h3 className="flex flex-wrap items-center gap-x-2 font-medium">
        <Icon name="alert" className={`size-4.5 ${open ? "text-ember" : "text-faint"}`} />
        {text.contradictions.kinds[kind]}
        <span className="text-xs font-normal text-soft">
          {text.intents.confidence(percent)} · {judges[judge] ?? judge}
        </span>
        <span className="ml-auto text-xs font-medium">{text.contradictions.statuses[status]}</span>
      </h3>
      <p className="mt-1 wrap-anywhere">{translate({ text: explanation, key, params })}</p>
      {against.map((subject) => (
        <RouteLink
          key={subject.id}
          to={subject.route}
          className="mt-1.5 flex max-w-full items-center gap-1.5 text-wave"
        >
          <Icon name={kindIcons[subject.kind]} className="size-4" />
          <span className="truncate underline underline-offset-2">{subject.name}</span>
        </RouteLink>
      ))}
      {rationale && (
        <p className="mt-1.5 wrap-anywhere text-soft">
          {translate({ text: rationale, key: contradiction.rationaleKey, params: contradiction.rationaleParams })}
        </p>
      )}
      {open && canWrite && (
        <Button look="primary" className="mt-3" onClick={() => setSettling(true)}>
          {text.contradictions.settle}
        </Button>
      )}
      {status === "APPROVED" && canWrite && (
        <div className="mt-3 empty:hidden">
          <UndoReplacement
            old={old && { ...old, status: old.decisionStatus }}
            replacement={old?.supersededBy}
            intent={contradiction.intent?.status}
          />
        </div>
      )}
      <ResolveDialog
        open={settling}
        onOpenChange={setSettling}
        contradiction={contradiction}
        of={of}
        explanation={translate({ text: explanation, key, params })}
        words={words}
      />
    </article>
  );
}
