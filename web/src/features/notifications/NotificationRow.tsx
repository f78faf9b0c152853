import { IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { ProjectTag } from "@/components/ProjectTag";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt } from "@/components/Toasts";
import type { NotificationType } from "@/gql/graphql";
import { useLanguage } from "@/lib/language";
import { OverlapLinks, otherWorkOf } from "./OverlapLinks";
import { TimeActions, isOfTime } from "./TimeActions";
import { type Notification, messageOf, titleOf, useNotifications } from "./useNotifications";

const looks = {
  INFO: ["info", "text-wave"],
  SUCCESS: ["check", "text-moss"],
  WARNING: ["alert", "text-ember"],
  ERROR: ["alert", "text-rust"],
} as const satisfies Record<NotificationType, readonly [string, string]>;

type RowProps = { notification: Notification; onOpened: () => void };

export function NotificationRow({ notification, onOpened }: RowProps) {
  const { text, translate } = useLanguage();
  const attempt = useAttempt();
  const { markRead, open, done, snooze } = useNotifications();
  const [icon, tone] = looks[notification.notificationType];
  const { isRead } = notification;
  const other = otherWorkOf(notification);
  return (
    <li className="relative hover:bg-hover">
      <div className="flex items-start">
        <button
          type="button"
          onClick={() => {
            open(notification);
            onOpened();
          }}
          className="flex min-w-0 flex-1 items-start gap-3 py-3 pr-2 pl-4 text-start text-sm focus-visible:-outline-offset-2"
        >
          <Icon name={icon} className={`mt-0.5 size-4.5 ${tone}`} />
          <span className="min-w-0 flex-1">
            <span className={`block wrap-anywhere ${isRead ? "text-soft" : "font-medium"}`}>
              {!isRead && <span className="sr-only">{text.notifications.unread}: </span>}
              {translate(titleOf(notification))}
            </span>
            <span className="line-clamp-2 wrap-anywhere text-soft">{translate(messageOf(notification))}</span>
            <span className="flex gap-2">
              <TimeAgo at={notification.createdAt} className="text-xs text-faint" />
              <ProjectTag project={notification.project} everywhere />
            </span>
          </span>
        </button>
        {!isRead && (
          <IconButton
            small
            icon="check"
            label={text.notifications.mark}
            className="mt-2 mr-2"
            onClick={() => void attempt(() => markRead([notification.id]))}
          />
        )}
      </div>
      {other !== null && (
        <OverlapLinks
          notification={notification}
          other={other}
          onOpened={() => {
            if (!isRead) void attempt(() => markRead([notification.id]));
            onOpened();
          }}
        />
      )}
      {!isRead && isOfTime(notification) && (
        <div className="-mt-2 pr-4 pb-3 pl-11.5">
          <TimeActions
            notification={notification}
            done={() => done(notification)}
            snooze={(choice) => snooze(notification, choice)}
          />
        </div>
      )}
    </li>
  );
}
