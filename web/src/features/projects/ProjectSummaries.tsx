import { useState } from "react";
import { Button } from "@/components/Button";
import { LoadFailed } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { NewProject } from "./NewProject";
import { ProjectMark } from "./ProjectMark";
import { type Project, useProjectList } from "./useProjectList";

/** All projects, with those that are archived below, and the button for a new one. */
export function ProjectSummaries() {
  const { projects: text } = useText();
  const { all, failure, reload } = useProjectList();
  const [writing, setWriting] = useState(false);
  const archived = all.filter((each) => each.archived);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-display text-xl">{text.all}</h2>
        <Button look="primary" icon="plus" onClick={() => setWriting(true)}>
          {text.new}
        </Button>
      </div>
      {failure && all.length === 0 && <LoadFailed title={text.failed} failure={failure} onRetry={reload} />}
      <Cards projects={all.filter((each) => !each.archived)} />
      {archived.length > 0 && (
        <>
          <h3 className="pt-6 pb-2 text-sm font-medium text-soft">{text.archived}</h3>
          <Cards projects={archived} />
        </>
      )}
      <NewProject open={writing} onOpenChange={setWriting} />
    </>
  );
}

function Cards({ projects }: { projects: readonly Project[] }) {
  const { projects: text } = useText();
  const { isDefault } = useProjectList();
  return (
    <ul className="grid gap-3 sm:grid-cols-2">
      {projects.map((project) => (
        <li
          key={project.id}
          className="relative flex items-start gap-3 rounded-2xl border border-line bg-raised px-4 py-3 hover:border-edge"
        >
          <ProjectMark project={project} className="mt-0.5 size-8 text-sm" />
          <div className="min-w-0">
            <RouteLink
              to={{ ...toPage("project"), project: project.slug }}
              className="font-medium wrap-anywhere after:absolute after:inset-0 after:rounded-2xl"
            >
              {project.name}
            </RouteLink>
            <p className="line-clamp-2 text-sm wrap-anywhere text-soft">{project.description ?? text.noDescription}</p>
            {isDefault(project) && <p className="mt-1 text-xs text-faint">{text.isDefault}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
