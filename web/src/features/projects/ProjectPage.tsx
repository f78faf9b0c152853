import type { ReactNode } from "react";
import { ProjectSummaries } from "./ProjectSummaries";
import { ProjectOverview } from "./ProjectOverview";
import { ProjectSettings } from "./ProjectSettings";
import { useProjectList } from "./useProjectList";

const SETTINGS = "settings";

type Props = { id: string | null; webhooks: (projectId: string) => ReactNode };

/** The chosen project with its settings, or the list of all projects. */
export function ProjectPage({ id, webhooks }: Props) {
  const { current } = useProjectList();
  const page = current ? (
    id === SETTINGS ? (
      <ProjectSettings key={current.id} project={current} webhooks={webhooks} />
    ) : (
      <ProjectOverview project={current} />
    )
  ) : (
    <ProjectSummaries />
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-4xl px-4 pt-5 pb-10">{page}</div>
    </div>
  );
}
