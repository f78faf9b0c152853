import { useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Toolbar } from "@/components/Toolbar";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { TryInChat } from "@/components/TryInChat";
import { useAttempt } from "@/components/Toasts";
import type { NotificationType } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useProjectId } from "@/lib/projects";
import { NotificationRow } from "./NotificationRow";
import { useNotifications } from "./useNotifications";
import { useProjectNotifications } from "./useProjectNotifications";

const types: readonly NotificationType[] = ["INFO", "SUCCESS", "WARNING", "ERROR"];

/** The notifications of the chosen project with filters; each links to its subject. */
export function NotificationsPage() {
  const projectId = useProjectId();
  return projectId === null ? <OfAll /> : <OfProject projectId={projectId} />;
}

function OfAll() {
  return <Filtered {...useNotifications()} />;
}

function OfProject({ projectId }: { projectId: string }) {
  return <Filtered {...useProjectNotifications(projectId)} />;
}

type ListProps = Pick<
  ReturnType<typeof useNotifications>,
  "notifications" | "unreadCount" | "loading" | "failure" | "reload" | "hasMore" | "loadMore" | "markRead"
>;

function Filtered({ notifications, unreadCount, loading, failure, reload, hasMore, loadMore, markRead }: ListProps) {
  const text = useText();
  const attempt = useAttempt();
  const [read, setRead] = useState<"all" | "unread">("all");
  const [type, setType] = useState<NotificationType | "any">("any");
  const shown = notifications.filter(
    (each) => (read === "all" || !each.isRead) && (type === "any" || each.notificationType === type),
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl px-4 pb-10">
        <Toolbar>
          <Choices
            label={text.notifications.filter}
            value={read}
            onChange={setRead}
            choices={[
              ["all", text.notifications.all],
              ["unread", text.notifications.unread],
            ]}
          />
          <Choices
            label={text.notifications.type}
            value={type}
            onChange={setType}
            choices={[
              ["any", text.notifications.anyType],
              ...types.map((each) => [each, text.notifications.types[each]] as const),
            ]}
          />
          {unreadCount > 0 && (
            <Button icon="checks" className="ml-auto" onClick={() => void attempt(() => markRead())}>
              {text.notifications.markAll}
            </Button>
          )}
        </Toolbar>
        {failure && shown.length === 0 && (
          <LoadFailed title={text.notifications.failed} failure={failure} onRetry={reload} />
        )}
        {loading && shown.length === 0 && <Loading />}
        {!loading && !failure && shown.length === 0 && (
          <EmptyState icon="bell" title={text.notifications.empty} hint={text.notifications.emptyHint}>
            <TryInChat example={text.introduction.cards.intent.example} />
          </EmptyState>
        )}
        {shown.length > 0 && (
          <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-raised">
            {shown.map((notification) => (
              <NotificationRow key={notification.id} notification={notification} onOpened={() => undefined} />
            ))}
          </ul>
        )}
        {hasMore && (
          <Button look="quiet" className="mt-3 w-full" onClick={loadMore}>
            {text.loadMore}
          </Button>
        )}
      </div>
    </div>
  );
}
