import { ProjectPage } from "@/features/projects/ProjectPage";
import { Webhooks } from "@/features/webhooks/Webhooks";

/** The page of a project; its settings have the webhooks. */
export function ProjectLayout({ id }: { id: string | null }) {
  return <ProjectPage id={id} webhooks={(projectId) => <Webhooks projectId={projectId} />} />;
}
