import { DecisionState } from "@/components/DecisionState";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { useDecisions } from "./useDecisions";

/** The decisions that wait for the reader; nothing without any. */
export function ProposedDecisions() {
  const { intents: text, decisions } = useText();
  const { decisions: proposed } = useDecisions("PROPOSED");
  if (proposed.length === 0) return null;
  return (
    <section aria-labelledby="proposed-decisions" className="pt-4">
      <h2 id="proposed-decisions" className="pb-2 text-sm font-medium">
        {text.proposedDecisions}
      </h2>
      <ul className="space-y-2">
        {proposed.map(({ id, number, title, status, project }) => (
          <li key={id} className="rounded-xl border border-line bg-raised">
            <RouteLink
              to={toPage("decisions", id)}
              className="flex items-start gap-2 rounded-xl p-2.5 text-sm hover:bg-hover"
            >
              <span className="shrink-0 text-faint">{decisions.number(number)}</span>
              <span className="min-w-0 flex-1 wrap-anywhere">{title}</span>
              <ProjectTag project={project} />
              <DecisionState status={status} />
            </RouteLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
