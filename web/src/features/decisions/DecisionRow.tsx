import { Badge } from "@/components/Notice";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import type { DecisionStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import type { Decision } from "./useDecisions";

const tones: Record<DecisionStatus, string> = {
  PROPOSED: "text-ember",
  ACCEPTED: "text-moss",
  REJECTED: "text-rust",
  SUPERSEDED: "text-faint",
  WITHDRAWN: "text-faint",
};
/** Decisions that are history only. */
export const isHistory = (status: DecisionStatus) => status !== "ACCEPTED" && status !== "PROPOSED";

export function DecisionRow({ decision, current }: { decision: Decision; current: boolean }) {
  const text = useText();
  const { id, number, title, kind, topic, status, tags, decidedAt, createdAt, supersededBy } = decision;
  return (
    <li className={`relative rounded-xl px-3 py-2.5 ${current ? "bg-tint" : "hover:bg-hover"}`}>
      <RouteLink
        to={toPage("decisions", id)}
        aria-current={current ? "true" : undefined}
        className={`block rounded text-sm font-medium wrap-anywhere after:absolute after:inset-0 after:rounded-xl ${isHistory(status) ? "text-soft line-through decoration-1" : ""}`}
      >
        {title}
      </RouteLink>
      <p className="mt-0.5 mb-1 flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-soft">
        <span className="font-medium tabular-nums">{text.decisions.number(number)}</span>
        <DecisionStatusBadge status={status} />
        <span>{text.decisions.kinds[kind]}</span>
        {topic !== title && <span className="min-w-0 truncate">{topic}</span>}
        <TimeAgo at={decidedAt ?? createdAt} />
        <ProjectTag project={decision.project} />
      </p>
      {supersededBy && (
        <p className="mb-1 text-xs text-soft">{`${text.decisions.supersededBy} ${text.decisions.number(supersededBy.number)}`}</p>
      )}
      <Tags tags={tags} />
    </li>
  );
}

export function DecisionStatusBadge({ status }: { status: DecisionStatus }) {
  const text = useText();
  return <Badge tone={tones[status]}>{text.decisions.statuses[status]}</Badge>;
}
