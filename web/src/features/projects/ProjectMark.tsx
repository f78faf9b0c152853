import { Icon } from "@/components/Icon";
import { initialOf } from "@/lib/people";

type MarkProps = { project: { name: string; hue: number } | null; className?: string };

/** The initial of a project in its colour; a folder for all projects. */
export function ProjectMark({ project, className = "size-6 text-xs" }: MarkProps) {
  if (!project)
    return (
      <span aria-hidden="true" className={`flex shrink-0 items-center justify-center rounded-md bg-hover ${className}`}>
        <Icon name="folder" className="size-3.5" />
      </span>
    );
  return (
    <span
      aria-hidden="true"
      className={`flex shrink-0 items-center justify-center rounded-md font-semibold text-white ${className}`}
      style={{ background: `oklch(0.48 0.12 ${project.hue})` }}
    >
      {initialOf(project.name)}
    </span>
  );
}
