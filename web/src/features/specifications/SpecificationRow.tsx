import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import type { SpecificationStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import type { Specification } from "./useSpecifications";

const tones: Record<SpecificationStatus, string> = { DRAFT: "text-soft", REVIEW: "text-ember", APPROVED: "text-moss" };

export function SpecificationRow({ specification, current }: { specification: Specification; current: boolean }) {
  const text = useText();
  const { id, title, version, tags, updatedAt } = specification;
  return (
    <li className={`relative rounded-xl px-3 py-2.5 ${current ? "bg-tint" : "hover:bg-hover"}`}>
      <RouteLink
        to={toPage("specifications", id)}
        aria-current={current ? "true" : undefined}
        className="block rounded text-sm font-medium wrap-anywhere after:absolute after:inset-0 after:rounded-xl"
      >
        {title}
      </RouteLink>
      <p className="mt-0.5 mb-1 flex flex-wrap gap-x-2 text-xs text-soft">
        <SpecificationStatusName status={specification.status} />
        <span>{text.specifications.version(version)}</span>
        <TimeAgo at={updatedAt} />
        <ProjectTag project={specification.project} />
      </p>
      <Tags tags={tags} />
    </li>
  );
}

export function SpecificationStatusName({ status }: { status: SpecificationStatus }) {
  const text = useText();
  return <span className={`font-medium ${tones[status]}`}>{text.specifications.statuses[status]}</span>;
}
