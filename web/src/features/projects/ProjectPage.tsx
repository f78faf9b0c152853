import { ProjectSummaries } from "./ProjectSummaries";
import { ProjectOverview } from "./ProjectOverview";
import { ProjectSettings } from "./ProjectSettings";
import { useProjectList } from "./useProjectList";

const SETTINGS = "settings";

/** The chosen project with its settings, or the list of all projects. */
export function ProjectPage({ id }: { id: string | null }) {
  const { current } = useProjectList();
  const page = current ? (
    id === SETTINGS ? (
      <ProjectSettings key={current.id} project={current} />
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
