import { useEffect } from "react";
import { ProjectTag } from "@/components/ProjectTag";
import { useText } from "@/lib/language";
import { isIn, useProjectId } from "@/lib/projects";
import { ActionRow } from "./ActionRow";
import { useActions } from "./useActions";

/** The proposals in the chosen project that wait for the reader; nothing without any. */
export function ProposedActions() {
  const { intents: text } = useText();
  const { actions, loadProposed } = useActions();
  const projectId = useProjectId();
  useEffect(loadProposed, [loadProposed]);
  const proposed = actions.filter((action) => action.status === "PROPOSED" && isIn(projectId)(action));
  if (proposed.length === 0) return null;
  return (
    <section aria-labelledby="proposed-actions" className="pt-4">
      <h2 id="proposed-actions" className="pb-2 text-sm font-medium">
        {text.proposed}
      </h2>
      <ul className="space-y-2">
        {proposed.map((action) => (
          <li key={action.id}>
            <ActionRow action={action} />
            <ProjectTag project={action.project} className="px-3" />
          </li>
        ))}
      </ul>
    </section>
  );
}
