import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Diff } from "@/components/Diff";
import { LoadFailed, Loading } from "@/components/Notice";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt } from "@/components/Toasts";
import type { SpecificationRevisionsQuery } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { SpecificationRevisions } from "./documents";
import { SpecificationStatusName } from "./SpecificationRow";
import type { Specification, Specifications } from "./useSpecifications";
import { ActorName } from "@/components/PersonMark";
import { useCanWrite } from "@/lib/projects";

type Revision = NonNullable<SpecificationRevisionsQuery["specification"]>["revisions"][number];

type RevisionsProps = { specification: Specification } & Pick<Specifications, "restoreVersion">;

/** All revisions, newest first, each with its changes. */
export function Revisions({ specification, restoreVersion }: RevisionsProps) {
  const { id, version, title, content } = specification;
  const canWrite = useCanWrite()(specification);
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [revisions, setRevisions] = useState<readonly Revision[] | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [times, setTimes] = useState(0);
  const [open, setOpen] = useState<number | null>(version);
  useEffect(() => {
    let current = true;
    request(SpecificationRevisions, { id }).then(
      (data) => {
        if (!current) return;
        setRevisions(data.specification?.revisions.toReversed() ?? []);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
    // Every change creates a version, so the revisions are read again.
  }, [request, id, version, times]);

  if (failure) {
    return (
      <LoadFailed title={text.specifications.failed} failure={failure} onRetry={() => setTimes((now) => now + 1)} />
    );
  }
  if (!revisions) return <Loading />;
  return (
    <ol className="space-y-2">
      {revisions.map((revision, index) => (
        <li key={revision.version} className="rounded-xl border border-line bg-raised">
          <button
            type="button"
            aria-expanded={open === revision.version}
            onClick={() => setOpen(open === revision.version ? null : revision.version)}
            className="flex min-h-10 w-full flex-wrap items-center gap-x-3 rounded-xl px-3.5 py-2 text-start text-sm hover:bg-hover"
          >
            <span className="font-medium">{text.specifications.version(revision.version)}</span>
            <SpecificationStatusName status={revision.status} />
            <span className="min-w-0 flex-1 truncate text-soft">{revision.title}</span>
            <ActorName actor={revision.author} className="text-xs text-faint" />
            <TimeAgo at={revision.createdAt} className="text-xs text-faint" />
          </button>
          {open === revision.version && (
            <div className="border-t border-line p-3">
              <Diff before={revisions[index + 1]?.content ?? ""} after={revision.content} />
              {canWrite && (revision.title !== title || revision.content !== content) && (
                <Button
                  icon="undo"
                  className="mt-3"
                  onClick={() => void attempt(() => restoreVersion(id, revision.version))}
                >
                  {text.specifications.restoreVersion}
                </Button>
              )}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
