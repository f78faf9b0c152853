import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Badge } from "@/components/Notice";
import { MoveButton } from "@/components/MoveToProject";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt } from "@/components/Toasts";
import { kindIcons } from "@/components/kindIcons";
import { dueTime } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { useHasProjects } from "@/lib/projects";
import { toPage } from "@/lib/route";
import { subjectOf } from "@/lib/subject";
import { MemoryForm } from "./MemoryForm";
import type { Memories, Memory } from "./useMemories";
import { Writing } from "@/components/Writing";

type CardProps = {
  memory: Memory;
  pointed: boolean;
  selected: boolean;
  onSelect: (wanted: boolean) => void;
} & Pick<Memories, "save" | "archive" | "remove">;

/** One memory with its age, importance and source. */
export function MemoryCard({ memory, pointed, selected, onSelect, save, archive, remove }: CardProps) {
  const { language, text } = useLanguage();
  const attempt = useAttempt();
  const card = useRef<HTMLLIElement>(null);
  const [editing, setEditing] = useState(false);
  useEffect(() => {
    if (pointed) card.current?.scrollIntoView({ block: "nearest" });
  }, [pointed]);
  const source = memory.source && subjectOf(memory.source);
  const hasProjects = useHasProjects();
  const { id, content, kind, tags, archived, accessCount, createdAt, expiresAt, supersededBy } = memory;
  return (
    <li ref={card} className={`rounded-2xl border bg-raised p-4 ${pointed ? "border-wave" : "border-line"}`}>
      <div className="flex items-start gap-3">
        <p className={`min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap ${archived ? "text-soft" : ""}`}>{content}</p>
        <input
          type="checkbox"
          aria-label={text.memory.select(content.slice(0, 60))}
          checked={selected}
          onChange={(event) => onSelect(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-wave pointer-coarse:size-6"
        />
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-faint">
        <Importance value={memory.importance} />
        <span>{text.memory.kinds[kind]}</span>
        {archived && <Badge>{text.memory.archived}</Badge>}
        <TimeAgo at={createdAt} />
        {hasProjects && memory.project == null && <span>{text.projects.isAboutMe}</span>}
        <ProjectTag project={memory.project} />
        <span>{text.memory.shown(accessCount)}</span>
        {expiresAt && <span>{text.memory.expires(dueTime(expiresAt, language))}</span>}
        {supersededBy && (
          <RouteLink to={toPage("memory", supersededBy.id)} className="text-wave underline">
            {text.memory.superseded}
          </RouteLink>
        )}
        <Tags tags={tags} />
      </div>
      {source && (
        <RouteLink to={source.route} className="mt-2 flex max-w-full items-center gap-1.5 text-xs text-wave">
          <Icon name={kindIcons[source.kind]} className="size-3.5" />
          <span className="truncate underline underline-offset-2">{source.name}</span>
        </RouteLink>
      )}
      <Writing record={memory}>
        <div className="mt-2 -mb-1 -ml-3 flex flex-wrap">
          <Button look="quiet" icon="edit" onClick={() => setEditing(true)}>
            {text.memory.edit}
          </Button>
          <Button look="quiet" icon="archive" onClick={() => void attempt(() => archive(id, !archived))}>
            {archived ? text.memory.restore : text.memory.archive}
          </Button>
          <MoveButton quiet records={[memory]} name={content} />
          <Button look="quiet" icon="trash" onClick={() => void attempt(() => remove(id))}>
            {text.delete}
          </Button>
        </div>
      </Writing>
      <MemoryForm open={editing} onOpenChange={setEditing} save={save} memory={memory} />
    </li>
  );
}

/** The importance as a bar and a percentage. */
function Importance({ value }: { value: number }) {
  const { language, text } = useLanguage();
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(value);
  return (
    <span className="flex items-center gap-1.5" title={text.memory.importance}>
      <span className="sr-only">{text.memory.importance}</span>
      <span className="h-1.5 w-14 overflow-hidden rounded-full bg-hover">
        <span className="block h-full rounded-full bg-wave" style={{ width: `${value * 100}%` }} />
      </span>
      <span className="tabular-nums">{percent}</span>
    </span>
  );
}
