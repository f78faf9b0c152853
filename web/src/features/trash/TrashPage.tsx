import { useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Badge, EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { ProjectTag } from "@/components/ProjectTag";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt, useToast } from "@/components/Toasts";
import { kindIcons } from "@/components/kindIcons";
import { useText } from "@/lib/language";
import { navigate } from "@/lib/route";
import { type Subject, subjectOf } from "@/lib/subject";
import { type Deleted, useTrash } from "./useTrash";
import { useActorName } from "@/lib/people";

/** What was deleted and can still be restored, the latest first. */
export function TrashPage({ viewerId }: { viewerId: string | null }) {
  const text = useText();
  const { deleted, restore, loading, failure, reload, hasMore, loadingMore, loadMore } = useTrash();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl px-4 pt-4 pb-10">
        <p className="mb-4 text-sm text-soft">{text.trash.hint}</p>
        {failure && deleted.length === 0 && <LoadFailed title={text.trash.failed} failure={failure} onRetry={reload} />}
        {loading && deleted.length === 0 && <Loading />}
        {!loading && !failure && deleted.length === 0 && (
          <EmptyState icon="trash" title={text.trash.empty} hint={text.trash.emptyHint} />
        )}
        {deleted.length > 0 && (
          <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-raised">
            {deleted.map((each) => (
              <Row key={each.id} deleted={each} own={each.deletedBy === viewerId} restore={restore} />
            ))}
          </ul>
        )}
        {hasMore && (
          <Button look="quiet" className="mt-2 w-full" disabled={loadingMore} onClick={loadMore}>
            {text.loadMore}
          </Button>
        )}
      </div>
    </div>
  );
}

type RowProps = { deleted: Deleted; own: boolean; restore: (id: string) => Promise<void> };

function Row({ deleted, own, restore }: RowProps) {
  const text = useText();
  const attempt = useAttempt();
  const showToast = useToast();
  const actorName = useActorName();
  const [busy, setBusy] = useState(false);
  const subject = subjectOf(deleted.node);
  if (!subject) return null;
  const name = subject.name || text.conversations.untitled;
  const bringBack = async () => {
    setBusy(true);
    if (await attempt(() => restore(deleted.id))) showToast(restoredToast(text.trash.restored, name, subject));
    else setBusy(false);
  };
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Icon name={kindIcons[subject.kind]} className="mt-0.5 size-5 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 text-sm wrap-anywhere">{name}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
          <Badge>{text.search.kinds[subject.kind]}</Badge>
          <TimeAgo at={deleted.deletedAt} />
          <ProjectTag project={subject.project} />
          <span>{own ? text.trash.byYou : text.trash.by(actorName(deleted.deletedBy))}</span>
        </p>
      </div>
      <Button icon="undo" disabled={busy} aria-label={text.trash.restoreOf(name)} onClick={() => void bringBack()}>
        {text.trash.restore}
      </Button>
    </li>
  );
}

const restoredToast = (title: string, body: string, { route }: Subject) => ({
  title,
  body,
  tone: "success" as const,
  onOpen: () => navigate(route),
});
