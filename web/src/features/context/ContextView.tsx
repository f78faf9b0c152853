import { useState } from "react";
import { Banner } from "@/components/Banner";
import { DecisionState } from "@/components/DecisionState";
import { Icon } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { kindIcons } from "@/components/kindIcons";
import type { ContextFieldsFragment, ContextLayer } from "@/gql/graphql";
import { useLanguage } from "@/lib/language";
import { subjectOf } from "@/lib/subject";

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
  const { items, tokenCount, tokenBudget, droppedLayers, failedLayers, assembledInMs } = context;
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
          <ul className="space-y-2">
            {members.map((item, index) => (
              <ItemCard key={index} item={item} />
            ))}
          </ul>
        </section>
      ))}
    </div>
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
        <span className="min-w-0">{translate({ text: reason, key, params })}</span>
        {long && (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="text-wave underline">
            {open ? text.context.less : text.context.whole}
          </button>
        )}
      </div>
      {subject && (
        <RouteLink to={subject.route} className="mt-1 flex max-w-full items-center gap-1.5 text-xs text-wave">
          <Icon name={kindIcons[subject.kind]} className="size-3.5" />
          <span className="truncate underline underline-offset-2">{subject.name}</span>
          <DecisionState status={subject.decisionStatus} />
        </RouteLink>
      )}
    </li>
  );
}
