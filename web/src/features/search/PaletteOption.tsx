import { useEffect, useRef } from "react";
import { DecisionState } from "@/components/DecisionState";
import { Icon, type IconName } from "@/components/Icon";
import { ProjectTag } from "@/components/ProjectTag";
import { SearchHighlight } from "@/components/SearchHighlight";
import { TimeAgo } from "@/components/TimeAgo";
import type { DecisionStatus, HitRating } from "@/gql/graphql";
import { dayOf } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import type { Reason } from "./useSearch";

/** A row of the palette: a page, a command, a hit, or what can be said about a hit. */
export type Row = {
  key: string;
  icon: IconName;
  name: string;
  what: string;
  at: string | null;
  keys?: readonly string[] | undefined;
  run: () => void;
  decisionStatus?: DecisionStatus | undefined;
  project?: { id: string } | null | undefined;
  until?: string | null;
  reasons?: readonly Reason[];
  /** How many more records say the same; `toggle` shows and hides them. */
  more?: number;
  expanded?: boolean;
  toggle?: () => void;
  indented?: boolean;
  /** Of a hit: shows and hides its ratings. */
  rate?: () => void;
  rating?: HitRating | null;
  /** Its name has no words of the query. */
  plain?: boolean;
  /** Running it does not close the palette. */
  stays?: boolean;
};

type OptionProps = {
  id: string;
  row: Row;
  query: string;
  active: boolean;
  /** The hits of all projects are shown, although one is chosen. */
  everywhere: boolean;
  onPoint: () => void;
  onOpen: () => void;
};

/** One row of the palette. */
export function PaletteOption({ id, row, query, active, everywhere, onPoint, onOpen }: OptionProps) {
  const text = useText();
  const { language } = useLanguage();
  const element = useRef<HTMLLIElement>(null);
  const rating = row.rating ? text.search.ratings[row.rating] : text.search.rate;
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <li
      ref={element}
      id={id}
      role="option"
      aria-selected={active}
      onPointerMove={onPoint}
      onClick={onOpen}
      className={`flex cursor-pointer items-start gap-3 rounded-xl px-3 py-2 text-sm ${active ? "bg-tint" : ""} ${row.indented ? "ml-7" : ""}`}
    >
      <Icon name={row.icon} className="mt-0.5 size-4.5 text-wave" />
      <span className="min-w-0 flex-1">
        <span className="line-clamp-2 wrap-anywhere">
          <SearchHighlight text={row.name} query={row.plain ? "" : query} />
        </span>
        <span className="flex flex-wrap gap-x-2 text-xs text-faint">
          {row.what}
          <DecisionState status={row.decisionStatus} />
          {row.until && <span className="text-ember">{text.search.until(dayOf(row.until, language))}</span>}
          <ProjectTag project={row.project} everywhere={everywhere} />
          {row.at && <TimeAgo at={row.at} />}
          {row.reasons && <span>{row.reasons.map((each) => text.search.reasons[each]).join(" · ")}</span>}
          {!!row.more && (
            <button
              type="button"
              tabIndex={-1}
              aria-expanded={row.expanded}
              className="text-wave hover:underline"
              onMouseDown={(event) => event.preventDefault()} // the input keeps the focus
              onClick={(event) => {
                event.stopPropagation();
                row.toggle?.();
              }}
            >
              {text.search.more(row.more)}
            </button>
          )}
          {row.rate && (
            <button
              type="button"
              tabIndex={-1}
              aria-label={text.search.rateOf(rating, row.name.slice(0, 60))}
              title={text.search.rateOf(rating, row.name.slice(0, 60))}
              className="ml-auto text-wave hover:underline pointer-coarse:-my-1 pointer-coarse:px-2 pointer-coarse:py-1"
              onMouseDown={(event) => event.preventDefault()} // the input keeps the focus
              onClick={(event) => {
                event.stopPropagation();
                row.rate?.();
              }}
            >
              {rating}
            </button>
          )}
        </span>
      </span>
      <span aria-hidden="true" className="flex gap-1 pt-0.5 max-sm:hidden">
        {row.keys?.map((key) => (
          <kbd key={key} className="rounded border border-line bg-paper px-1.5 font-mono text-xs text-faint">
            {key}
          </kbd>
        ))}
      </span>
    </li>
  );
}
