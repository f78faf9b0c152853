import { Dialog } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Icon, type IconName } from "@/components/Icon";
import { useEscape } from "@/components/useEscape";
import { useText } from "@/lib/language";
import { type ProjectName, useProjects } from "@/lib/projects";
import { type Route, navigate, toPage, useRoute } from "@/lib/route";
import { foldForSearch } from "@/lib/search";
import { ProjectMark } from "./ProjectMark";

type SwitcherProps = { open: boolean; onOpenChange: (open: boolean) => void; onNew: () => void };

/** The list of projects to switch to, with a filter; by keyboard alone. */
export function ProjectSwitcher({ open, onOpenChange, onNew }: SwitcherProps) {
  const { projects: text } = useText();
  useEscape(open, () => onOpenChange(false));
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-black/35" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[max(1rem,12dvh)] left-1/2 z-50 flex max-h-[76dvh] w-[min(28rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-rise flex-col overflow-hidden rounded-2xl border border-line bg-raised shadow-xl outline-none"
        >
          <Dialog.Title className="sr-only">{text.switch}</Dialog.Title>
          <Choose onDone={() => onOpenChange(false)} onNew={onNew} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Row = { key: string; name: string; chosen: boolean; run: () => void } & (
  { project: ProjectName | null } | { icon: IconName }
);

/** The same page in another project. A record that is open stays open only where all projects are shown. */
export const routeIn = (route: Route, project: ProjectName | null): Route => ({
  page: route.page,
  id: project === null ? route.id : null,
  project: project?.slug ?? null,
});

function useFound(query: string, onNew: () => void): readonly Row[] {
  const { projects: text } = useText();
  const { projects, chosen } = useProjects();
  const route = useRoute();
  const to = (project: ProjectName | null): Row => ({
    key: project?.id ?? "all",
    name: project?.name ?? text.all,
    project,
    chosen: (chosen?.id ?? null) === (project?.id ?? null),
    run: () => navigate(routeIn(route, project)),
  });
  const wanted = foldForSearch(query);
  const found = [to(null), ...projects.map(to)].filter(({ name }) => foldForSearch(name).includes(wanted));
  if (query !== "") return found;
  const manage = () => navigate({ ...toPage("project"), project: null });
  return [
    ...found,
    { key: "manage", name: text.manage, icon: "list", chosen: false, run: manage },
    { key: "new", name: text.new, icon: "plus", chosen: false, run: onNew },
  ];
}

function Choose({ onDone, onNew }: { onDone: () => void; onNew: () => void }) {
  const { projects: text } = useText();
  const list = useId();
  const [words, setWords] = useState("");
  const [active, setActive] = useState<number | null>(null);
  const query = words.trim();
  const rows = useFound(query, onNew);
  const first = query === "" ? rows.findIndex((row) => row.chosen) : 0;
  const current = Math.min(active ?? Math.max(first, 0), rows.length - 1);
  const open = (row: Row | undefined) => {
    if (!row) return;
    onDone();
    if (!row.chosen) row.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      setActive((current + step + rows.length) % rows.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(rows[current]);
    }
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon name="search" className="size-5 text-faint" />
        <input
          autoFocus
          role="combobox"
          aria-label={text.find}
          aria-expanded={rows.length > 0}
          aria-controls={list}
          aria-activedescendant={rows.length > 0 ? `${list}-${current}` : undefined}
          placeholder={text.find}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setActive(null);
          }}
          onKeyDown={onKeyDown}
          className="h-13 min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
      </div>
      <ul id={list} role="listbox" aria-label={text.several} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {rows.map((row, index) => (
          <Option
            key={row.key}
            id={`${list}-${index}`}
            row={row}
            active={index === current}
            onPoint={() => setActive(index)}
            onOpen={() => open(row)}
          />
        ))}
      </ul>
      <p role="status" className="px-4 pb-3 text-center text-sm text-faint empty:hidden">
        {rows.length === 0 && text.nothing}
      </p>
    </>
  );
}

type OptionProps = { id: string; row: Row; active: boolean; onPoint: () => void; onOpen: () => void };

function Option({ id, row, active, onPoint, onOpen }: OptionProps) {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <li
      ref={element}
      id={id}
      role="option"
      aria-selected={active}
      aria-current={row.chosen ? "true" : undefined}
      onPointerMove={onPoint}
      onClick={onOpen}
      className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-xl px-3 py-1.5 text-sm ${active ? "bg-tint" : ""}`}
    >
      {"icon" in row ? (
        <span className="flex size-6 shrink-0 items-center justify-center text-soft">
          <Icon name={row.icon} className="size-4.5" />
        </span>
      ) : (
        <ProjectMark project={row.project} />
      )}
      <span className="min-w-0 flex-1 truncate">{row.name}</span>
      {row.chosen && <Icon name="check" className="text-wave" />}
    </li>
  );
}
