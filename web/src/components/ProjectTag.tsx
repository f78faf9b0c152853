import { useProjects } from "@/lib/projects";

/** A dot in the colour of a project. */
export function ProjectDot({ hue, className = "size-2" }: { hue: number; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`inline-block shrink-0 rounded-full ${className}`}
      style={{ background: `light-dark(oklch(0.58 0.13 ${hue}), oklch(0.76 0.12 ${hue}))` }}
    />
  );
}

type TagProps = {
  project: { id: string } | null | undefined;
  /** Rows of other projects are shown too, although one is chosen. */
  everywhere?: boolean;
  className?: string;
};

/** The colour and the name of a row's project, where rows of several projects are shown together. */
export function ProjectTag({ project, everywhere = false, className = "" }: TagProps) {
  const { projects, chosen, find } = useProjects();
  const known = project && find(project.id);
  if ((chosen !== null && !everywhere) || !known || (projects.length < 2 && !known.archived)) return null;
  return (
    <span
      title={known.name}
      className={`inline-flex max-w-36 min-w-0 items-center gap-1 text-xs text-faint ${className}`}
    >
      <ProjectDot hue={known.hue} />
      <span className="truncate">{known.name}</span>
    </span>
  );
}
