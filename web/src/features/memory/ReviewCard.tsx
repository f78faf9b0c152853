import type { KeyboardEvent } from "react";
import { Button } from "@/components/Button";
import { Icon, type IconName } from "@/components/Icon";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import { kindIcons } from "@/components/kindIcons";
import { useText } from "@/lib/language";
import { useHasProjects } from "@/lib/projects";
import { subjectOf } from "@/lib/subject";
import type { Memory } from "./useMemories";

type CardProps = {
  memory: Memory;
  onKeyDown: (event: KeyboardEvent) => void;
  onKeep: () => void;
  onEdit: () => void;
  onForget: () => void;
};

/** A memory to review, with what was said. */
export function ReviewCard({ memory, onKeyDown, onKeep, onEdit, onForget }: CardProps) {
  const text = useText();
  const hasProjects = useHasProjects();
  const source = memory.source && subjectOf(memory.source);
  return (
    <li
      tabIndex={0}
      data-memory={memory.id}
      onKeyDown={onKeyDown}
      className="rounded-2xl border border-line bg-raised p-4 focus:border-wave"
    >
      <p className="wrap-anywhere whitespace-pre-wrap">{memory.content}</p>
      {source && (
        <RouteLink
          to={source.route}
          aria-label={text.memory.review.source(source.name)}
          className="mt-2 flex max-w-full items-start gap-2 border-l-2 border-edge pl-3 text-sm text-soft hover:text-ink"
        >
          <Icon name={kindIcons[source.kind]} className="mt-0.5 size-4 text-wave" />
          <span className="line-clamp-3 wrap-anywhere underline underline-offset-2">{source.name}</span>
        </RouteLink>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-faint">
        <TimeAgo at={memory.createdAt} />
        {hasProjects && memory.project == null && <span>{text.projects.isAboutMe}</span>}
        <ProjectTag project={memory.project} />
        <Tags tags={memory.tags} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <ActionButton icon="check" letter="K" name={text.memory.review.keep} onClick={onKeep} />
        <ActionButton icon="edit" letter="E" name={text.memory.edit} onClick={onEdit} />
        <ActionButton icon="trash" letter="F" name={text.memory.review.forget} onClick={onForget} />
      </div>
    </li>
  );
}

type ActionProps = { icon: IconName; letter: string; name: string; onClick: () => void };

function ActionButton({ icon, letter, name, onClick }: ActionProps) {
  return (
    <Button icon={icon} aria-keyshortcuts={letter} className="max-sm:flex-1 max-sm:px-2" onClick={onClick}>
      {name}
      <kbd
        aria-hidden="true"
        className="rounded border border-line bg-paper px-1.5 font-mono text-xs text-faint max-sm:hidden pointer-coarse:hidden"
      >
        {letter}
      </kbd>
    </Button>
  );
}
