import { Tabs } from "radix-ui";
import { useCallback, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { Prose } from "@/components/Prose";
import { TabButton } from "@/components/TabButton";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import { MoveButton } from "@/components/MoveToProject";
import { useAttempt } from "@/components/Toasts";
import type { SpecificationStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useFollowProject } from "@/lib/projects";
import { type RequestFailure, toFailure } from "@/lib/request";
import { navigate, toPage } from "@/lib/route";
import { Revisions } from "./Revisions";
import { SpecificationEditor } from "./SpecificationEditor";
import { SpecificationStatusName } from "./SpecificationRow";
import type { Specification, Specifications } from "./useSpecifications";
import { Writing } from "@/components/Writing";

type ViewProps = { id: string } & Pick<
  Specifications,
  "specifications" | "fetchOne" | "save" | "restoreVersion" | "remove"
>;

/** One specification with its text, its actions and its revisions. */
export function SpecificationView({ id, specifications, fetchOne, save, restoreVersion, remove }: ViewProps) {
  const text = useText();
  const listed = specifications.find((each) => each.id === id);
  const [read, setRead] = useState<Specification | null>(null);
  const [missing, setMissing] = useState(false);
  const [editing, setEditing] = useState(false);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const reread = useCallback(() => {
    fetchOne(id).then(
      (found) => {
        setRead(found);
        setMissing(found === null);
        setFailure(null);
      },
      (error: unknown) => setFailure(toFailure(error)),
    );
  }, [id, fetchOne]);
  useEffect(reread, [reread]);
  const specification = listed ?? read;
  useFollowProject(specification?.project);
  if (!specification) {
    if (failure) return <LoadFailed title={text.specifications.failed} failure={failure} onRetry={reread} />;
    if (!missing) return <Loading />;
    return <EmptyState icon="info" title={text.specifications.missing} hint={text.specifications.missingHint} />;
  }
  if (editing) {
    return <SpecificationEditor specification={specification} save={save} onDone={() => setEditing(false)} />;
  }
  return (
    <article className="mx-auto w-full max-w-3xl px-4 pt-4 pb-12">
      <h2 className="font-display text-2xl tracking-tight wrap-anywhere">{specification.title}</h2>
      <p className="mt-1 mb-2 flex flex-wrap gap-x-3 text-sm text-soft">
        <SpecificationStatusName status={specification.status} />
        <span>{text.specifications.version(specification.version)}</span>
        <TimeAgo at={specification.updatedAt} />
      </p>
      <Tags tags={specification.tags} />
      <Writing record={specification}>
        <Actions specification={specification} save={save} remove={remove} onEdit={() => setEditing(true)} />
      </Writing>
      <Tabs.Root defaultValue="text" className="mt-5">
        <Tabs.List aria-label={specification.title} className="mb-4 inline-flex rounded-lg bg-hover p-0.5 text-sm">
          <TabButton value="text">{text.specifications.text}</TabButton>
          <TabButton value="revisions">{text.specifications.revisions}</TabButton>
        </Tabs.List>
        <Tabs.Content value="text">
          <Prose text={specification.content} />
        </Tabs.Content>
        <Tabs.Content value="revisions">
          <Revisions specification={specification} restoreVersion={restoreVersion} />
        </Tabs.Content>
      </Tabs.Root>
    </article>
  );
}

type ActionsProps = Pick<ViewProps, "save" | "remove"> & { specification: Specification; onEdit: () => void };

function Actions({ specification, save, remove, onEdit }: ActionsProps) {
  const text = useText();
  const attempt = useAttempt();
  const { id, title, content, tags, version, status } = specification;
  const move = (to: SpecificationStatus) =>
    void attempt(() => save({ id, title, content, tags: [...tags], status: to, expectedVersion: version }));
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <Button icon="edit" onClick={onEdit}>
        {text.specifications.edit}
      </Button>
      {status === "DRAFT" && <Button onClick={() => move("REVIEW")}>{text.specifications.toReview}</Button>}
      {status === "REVIEW" && (
        <>
          <Button look="primary" icon="check" onClick={() => move("APPROVED")}>
            {text.specifications.approve}
          </Button>
          <Button onClick={() => move("DRAFT")}>{text.specifications.toDraft}</Button>
        </>
      )}
      <MoveButton records={[specification]} name={title} />
      <Button
        look="quiet"
        icon="trash"
        onClick={() =>
          void attempt(() => remove(id)).then((done) => {
            if (done) navigate(toPage("specifications"));
          })
        }
      >
        {text.delete}
      </Button>
    </div>
  );
}
