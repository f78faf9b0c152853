import { Dialog } from "radix-ui";
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useState } from "react";
import { Choices } from "@/components/Choices";
import { Icon, type IconName } from "@/components/Icon";
import { kindIcons } from "@/components/kindIcons";
import type { Command } from "@/components/useCommands";
import { useEscape } from "@/components/useEscape";
import { useFailureText } from "@/components/useFailureText";
import type { SearchKind } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useProjects } from "@/lib/projects";
import { type Route, navigate } from "@/lib/route";
import { foldForSearch } from "@/lib/search";
import { PaletteOption, type Row } from "./PaletteOption";
import { ratingRows } from "./ratingRows";
import { useRatings } from "./useRatings";
import { type FoundRecord, useSearch } from "./useSearch";

const kinds: readonly SearchKind[] = ["MESSAGE", "INTENT", "SPECIFICATION", "DECISION", "MEMORY"];

/** A page that is offered before a query is typed, and for a query that begins one of its names in any language. */
export type NavItem = {
  name: string;
  names: readonly string[];
  icon: IconName;
  keys?: readonly string[];
  route: Route;
};

type SearchProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  navItems: readonly NavItem[];
  commands?: readonly Command[];
  /** Makes a to-do of what was typed. */
  onTask?: (text: string) => void;
};

/** The command palette: searches by text and by meaning, opens pages, and runs commands; by keyboard alone. */
export function SearchDialog({ open, onOpenChange, navItems, commands = [], onTask }: SearchProps) {
  const text = useText();
  useEscape(open, () => onOpenChange(false));
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-black/35" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[max(1rem,12dvh)] left-1/2 z-50 flex max-h-[76dvh] w-[min(42rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-rise flex-col overflow-hidden rounded-2xl border border-line bg-raised shadow-xl outline-none"
        >
          <Dialog.Title className="sr-only">{text.search.title}</Dialog.Title>
          <Search navItems={navItems} commands={commands} onTask={onTask} onDone={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type PaletteProps = Required<Pick<SearchProps, "navItems" | "commands">> & {
  onTask: SearchProps["onTask"];
  onDone: () => void;
};

function Search({ navItems, commands, onTask, onDone }: PaletteProps) {
  const text = useText();
  const reason = useFailureText();
  const list = useId();
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<SearchKind | "ALL">("ALL");
  const [active, setActive] = useState(0);
  // Set when Enter is pressed before the response: its first result is opened then.
  const [entered, setEntered] = useState<string | null>(null);
  const { chosen } = useProjects();
  const [everywhere, setEverywhere] = useState(false);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const query = words.trim();
  const { hits, asking, failure } = useSearch(
    query,
    kind === "ALL" ? null : kind,
    everywhere ? null : (chosen?.id ?? null),
  );
  const local: readonly Row[] =
    kind === "ALL"
      ? [
          ...commands
            .filter((command) => isCommand(command, query))
            .map((command) => ({ ...command, key: command.id, what: text.commands.what, at: null })),
          ...navItems
            .filter((item) => isNamed(item, query))
            .map((item) => ({
              ...item,
              key: item.name,
              what: text.search.page,
              at: null,
              run: () => navigate(item.route),
            })),
        ].sort((a, b) => Number(startsWith(b.name, query)) - Number(startsWith(a.name, query)))
      : [];
  const ratings = useRatings(query);
  const [rated, setRated] = useState<string | null>(null); // the hit whose ratings are shown
  const recordRow = ({ subject, snippet, at, until }: FoundRecord): Row => ({
    key: subject.id,
    icon: kindIcons[subject.kind],
    name: snippet || subject.name,
    what: text.search.kinds[subject.kind],
    at,
    run: () => navigate(subject.route),
    decisionStatus: subject.decisionStatus,
    project: subject.project,
    until,
  });
  const rowOf = (hit: FoundRecord): Row => ({
    ...recordRow(hit),
    rating: ratings.ratingOf(hit),
    rate: () => setRated(rated === hit.subject.id ? null : hit.subject.id),
  });
  const ratingsOf = (hit: FoundRecord) => (rated === hit.subject.id ? ratingRows(hit, ratings, text.search) : []);
  const rows: readonly Row[] = [
    ...local,
    ...hits
      .filter((hit) => !ratings.isForgotten(hit))
      .flatMap((hit) => {
        const { id } = hit.subject;
        const shown = expanded.has(id);
        const toggle = () =>
          setExpanded((now) => new Set(shown ? [...now].filter((each) => each !== id) : [...now, id]));
        return [
          {
            ...rowOf(hit),
            reasons: ratings.reasonsOf(hit, hit.reasons),
            more: hit.also.length,
            expanded: shown,
            toggle,
          },
          ...ratingsOf(hit),
          ...(shown ? hit.also.flatMap((each) => [{ ...rowOf(each), indented: true }, ...ratingsOf(each)]) : []),
        ];
      }),
    ...(onTask && query !== "" && kind === "ALL" && !asking
      ? [
          {
            key: "new task",
            icon: "plus" as const,
            name: text.commands.createTask(query),
            what: text.commands.what,
            at: null,
            run: () => onTask(query),
          },
        ]
      : []),
  ];
  const current = Math.min(active, rows.length - 1);
  const open = (row: Row | undefined) => {
    if (!row) return;
    if (!row.stays) onDone();
    row.run();
  };
  const openFirst = useEffectEvent(() => open(rows[0]));
  useEffect(() => {
    if (entered === query && !asking) openFirst();
  }, [entered, query, asking]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      setActive((current + step + rows.length) % rows.length);
    } else if (event.altKey && ["ArrowRight", "ArrowLeft"].includes(event.key)) {
      const row = rows[current];
      if (!row?.more || row.expanded === (event.key === "ArrowRight")) return;
      event.preventDefault();
      row.toggle?.();
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      rows[current]?.rate?.();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (asking && current >= local.length) setEntered(query);
      else open(rows[current]);
    }
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon name="search" className="size-5 text-faint" />
        <input
          autoFocus
          role="combobox"
          aria-label={text.search.title}
          aria-expanded={rows.length > 0}
          aria-controls={list}
          aria-activedescendant={rows.length > 0 ? `${list}-${current}` : undefined}
          placeholder={text.search.hint}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setActive(0);
            setEntered(null);
          }}
          onKeyDown={onKeyDown}
          className="h-14 min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
      </div>
      {query !== "" && (
        <div className="flex flex-wrap gap-2 border-b border-line px-3 py-2">
          {chosen && (
            <Choices
              label={text.projects.where}
              value={everywhere ? "everywhere" : "here"}
              onChange={(next) => {
                setEverywhere(next === "everywhere");
                setEntered(null);
              }}
              choices={[
                ["here", text.projects.here],
                ["everywhere", text.projects.everywhere],
              ]}
            />
          )}
          <Choices
            label={text.search.where}
            value={kind}
            onChange={(next) => {
              setKind(next);
              setEntered(null);
            }}
            choices={[["ALL", text.search.all], ...kinds.map((each) => [each, text.search.in[each]] as const)]}
          />
        </div>
      )}
      <ul
        id={list}
        role="listbox"
        aria-label={text.search.title}
        aria-busy={asking}
        className="min-h-0 flex-1 overflow-y-auto p-1.5"
      >
        {rows.map((row, index) => (
          <PaletteOption
            key={row.key}
            id={`${list}-${index}`}
            row={row}
            query={query}
            active={index === current}
            everywhere={everywhere}
            onPoint={() => setActive(index)}
            onOpen={() => open(row)}
          />
        ))}
      </ul>
      <p role="status" className="px-4 pb-3 text-center text-sm text-faint empty:hidden">
        {failure && reason(failure)}
        {!failure && asking && text.loading}
        {!failure && !asking && query !== "" && hits.length + local.length === 0 && text.search.nothing}
      </p>
    </>
  );
}

const startsWith = (name: string, query: string) => foldForSearch(name).startsWith(foldForSearch(query));

/** Whether every word of the query begins a word of one of the names; Japanese names have no spaces. */
function isCommand({ names }: Command, query: string): boolean {
  const words = foldForSearch(query).split(/\s+/).filter(Boolean);
  return names.some((name) => {
    const folded = ` ${foldForSearch(name)}`;
    return words.every((word) => folded.includes(/^[\x20-\x7e]+$/.test(word) ? ` ${word}` : word));
  });
}

function isNamed({ names }: NavItem, query: string): boolean {
  const wanted = foldForSearch(query);
  return names.some((name) => foldForSearch(name).startsWith(wanted));
}
