import { useState } from "react";
import { Banner } from "@/components/Banner";
import { DecisionState } from "@/components/DecisionState";
import { Icon } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { kindIcons } from "@/components/kindIcons";
import type { ContextFieldsFragment, ContextLayer } from "@/gql/graphql";
import { useLanguage } from "@/lib/language";
import { type Subject, subjectOf } from "@/lib/subject";

export type Assembled = ContextFieldsFragment;
type Item = Assembled["items"][number];

const tones: Record<ContextLayer, string> = {
  SYSTEM: "bg-edge",
  PROFILE: "bg-soft",
  SUMMARY: "bg-faint",
  DECISION: "bg-ember",
  SEMANTIC: "bg-moss",
  WORKING: "bg-wave",
  USER: "bg-ink",
};
const LONG = 240;

/** The context of a model call by layer, in the order of the prompt, with the token budget. */
export function ContextView({ context }: { context: Assembled }) {
  const { language, text } = useLanguage();
  const { items, leftOut, tokenCount, tokenBudget, droppedLayers, failedLayers, assembledInMs } = context;
  const layers = inLayers(items);
  const number = new Intl.NumberFormat(language);
  const time = new Intl.NumberFormat(language, { style: "unit", unit: "millisecond", maximumFractionDigits: 0 });
  const named = (which: readonly ContextLayer[]) =>
    new Intl.ListFormat(language).format(which.map((layer) => text.context.layers[layer]));
  return (
    <div className="space-y-5 px-4 pb-8 text-sm">
      <div>
        <p className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-xs text-soft">
          <span className="tabular-nums">
            {text.context.tokens(number.format(tokenCount), number.format(tokenBudget))}
          </span>
          <span>{text.context.took(time.format(assembledInMs))}</span>
        </p>
        <Bar
          layers={layers}
          budget={tokenBudget}
          label={text.context.tokens(number.format(tokenCount), number.format(tokenBudget))}
        />
      </div>
      {droppedLayers.length > 0 && <Banner icon="info">{text.context.dropped(named(droppedLayers))}</Banner>}
      {failedLayers.length > 0 && <Banner tone="error">{text.context.failedLayers(named(failedLayers))}</Banner>}
      {layers.map(({ layer, tokens, members }) => (
        <section key={layer} aria-label={text.context.layers[layer]}>
          <h3 className="mb-1.5 flex items-center gap-2 font-medium">
            <span className={`size-2.5 rounded-full ${tones[layer]}`} />
            {text.context.layers[layer]}
            <span className="ml-auto text-xs font-normal text-faint tabular-nums">{number.format(tokens)}</span>
          </h3>
          <Counts counts={context.layers.find((each) => each.layer === layer)} />
          <ul className="space-y-2">
            {members.map((item, index) => (
              <ItemCard key={index} item={item} />
            ))}
          </ul>
        </section>
      ))}
      <LeftOut records={leftOut} />
    </div>
  );
}

/** How many records were retrieved for a layer, given and cited. */
function Counts({ counts }: { counts: Assembled["layers"][number] | undefined }) {
  const { language, text } = useLanguage();
  const number = new Intl.NumberFormat(language);
  if (!counts) return null;
  const shown = [counts.retrieved, counts.injected, counts.cited].map((each) => number.format(each));
  return (
    <p className="mb-1.5 text-xs text-soft tabular-nums">
      {text.context.counts(...(shown as [string, string, string]))}
    </p>
  );
}

function LeftOut({ records }: { records: Assembled["leftOut"] }) {
  const { text } = useLanguage();
  const found = records.flatMap(({ reason, source }) => {
    const subject = source && subjectOf(source);
    return subject ? [{ reason, subject }] : [];
  });
  if (found.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer font-medium">
        {text.context.leftOut} ({found.length})
      </summary>
      <ul className="mt-1.5 space-y-1">
        {found.map(({ reason, subject }) => (
          <li key={subject.id} className="text-xs text-faint">
            <SubjectLink subject={subject} />
            {text.context.leftOutReasons[reason]}
          </li>
        ))}
      </ul>
    </details>
  );
}

function SubjectLink({ subject }: { subject: Subject }) {
  return (
    <RouteLink to={subject.route} className="mt-1 flex max-w-full items-center gap-1.5 text-xs text-wave">
      <Icon name={kindIcons[subject.kind]} className="size-3.5" />
      <span className="truncate underline underline-offset-2">{subject.name}</span>
      <DecisionState status={subject.decisionStatus} />
    </RouteLink>
  );
}

type Layer = { layer: ContextLayer; tokens: number; members: Item[] };

/** The items grouped by layer, in the order of the layers' first items. */
export function inLayers(items: readonly Item[]): Layer[] {
  const layers: Layer[] = [];
  for (const item of items) {
    let found = layers.find(({ layer }) => layer === item.layer);
    if (!found) layers.push((found = { layer: item.layer, tokens: 0, members: [] }));
    found.tokens += item.tokenCount;
    found.members.push(item);
  }
  return layers;
}

function Bar({ layers, budget, label }: { layers: readonly Layer[]; budget: number; label: string }) {
  const { text } = useLanguage();
  return (
    <div role="img" aria-label={label} className="flex h-3 gap-px overflow-hidden rounded-full bg-hover">
      {layers.map(({ layer, tokens }) => (
        <span
          key={layer}
          title={text.context.layers[layer]}
          className={tones[layer]}
          style={{ width: `${budget > 0 ? (tokens / budget) * 100 : 0}%` }}
        />
      ))}
    </div>
  );
}

function ItemCard({ item }: { item: Item }) {
  const { text: content, tokenCount, score, reason, key, params, source } = item;
  const { language, text, translate } = useLanguage();
  const [open, setOpen] = useState(false);
  const long = content.length > LONG;
  const subject = source && subjectOf(source);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return (
    <li className="rounded-xl border border-line bg-raised px-3 py-2">
      <p className={`wrap-anywhere whitespace-pre-wrap ${open ? "" : "line-clamp-4"}`}>{content}</p>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-faint">
        <span className="tabular-nums">{text.context.cost(number.format(tokenCount))}</span>
        {typeof score === "number" && (
          <span className="font-medium text-wave tabular-nums">{text.context.score(number.format(score))}</span>
        )}
        {item.cited && (
          <span className="font-medium text-moss tabular-nums">
            {text.context.cited} [{item.number}]
          </span>
        )}
        <span className="min-w-0">{translate({ text: reason, key, params })}</span>
        {long && (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="text-wave underline">
            {open ? text.context.less : text.context.whole}
          </button>
        )}
      </div>
      {subject && <SubjectLink subject={subject} />}
    </li>
  );
}
