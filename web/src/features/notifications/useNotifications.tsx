import { type ReactNode, createContext, use, useRef, useState } from "react";
import { useCloseToasts, useToast } from "@/components/Toasts";
import type { NotificationFieldsFragment, NotificationType } from "@/gql/graphql";
import { Collection, newestFirst } from "@/lib/collection";
import { dueTime } from "@/lib/dates";
import { showOnDesktop } from "@/lib/desktop";
import { useLanguage } from "@/lib/language";
import type { ServerText } from "@/lib/messages";
import { useProjectLabel } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { type Snooze, snoozedUntil } from "@/lib/snooze";
import { type LiveCollection, pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { TimeActions, isOfTime } from "./TimeActions";
import {
  CompleteDue,
  MarkNotificationsRead,
  NotificationAdded,
  NotificationList,
  SnoozeDue,
  UnreadCount,
  ViewerTimezone,
} from "./documents";

export type Notification = NotificationFieldsFragment;

type Notifications = Omit<LiveCollection<Notification>, "rows" | "fetchOne" | "reportFailure"> & {
  notifications: readonly Notification[];
  unreadCount: number;
  /** Marks these as read, or all without ids. */
  markRead: (ids?: readonly string[]) => Promise<void>;
  /** Opens the subject of a notification. */
  open: (notification: Notification) => void;
  /** Completes the to-do whose time has come; a reminder of the assistant has ended already. */
  done: (notification: Notification) => Promise<void>;
  /** Moves the time of the intent. */
  snooze: (notification: Notification, snooze: Snooze) => Promise<void>;
};

const NotificationsContext = createContext<Notifications | null>(null);
const tones = { INFO: "info", SUCCESS: "success", WARNING: "warning", ERROR: "error" } as const;

export const titleOf = ({ title, key, params }: Notification): ServerText => ({
  text: title,
  key: key && `${key}.title`,
  params,
});
export const messageOf = ({ message, key, params }: Notification): ServerText => ({ text: message, key, params });
export const toneOf = (type: NotificationType) => tones[type];

/** The decision, or the conversation, message and intent, that a notification is about. */
export type Subject = {
  decisionId: string | null;
  conversationId: string | null;
  messageId: string | null;
  intentId: string | null;
  /** The slug of the project. */
  project: string;
};

type ProviderProps = { onOpen: (subject: Subject) => void; children: ReactNode };

/** Loads the viewer's notifications, announces new ones as they arrive, and counts the unread ones. */
export function NotificationsProvider({ onOpen, children }: ProviderProps) {
  const request = useRequest();
  const showToast = useToast();
  const closeToasts = useCloseToasts();
  const nameOf = useProjectLabel();
  const { language, text, translateOnce } = useLanguage();
  const [collection] = useState(() => new Collection<Notification>(newestFirst));
  const [unreadCount, setUnreadCount] = useState(0);
  // A count that was requested before a change may not include it.
  const changes = useRef(0);
  const counting = useRef(false);

  /** Requests the count until nothing changes meanwhile; concurrent calls share the requests. */
  const countUnread = async () => {
    changes.current += 1;
    if (counting.current) return;
    counting.current = true;
    try {
      let counted = 0;
      while (counted !== changes.current) {
        counted = changes.current;
        setUnreadCount((await request(UnreadCount, {})).viewer.unreadNotificationCount);
      }
    } finally {
      counting.current = false;
    }
  };
  const { rows, reportFailure, ...list } = useLiveCollection({
    collection,
    readPage: async (after) => {
      const change = changes.current;
      const { notifications } = await request(NotificationList, { after });
      if (changes.current === change) setUnreadCount(notifications.unreadCount);
      else await countUnread();
      return pageOf(notifications);
    },
    feed: {
      document: NotificationAdded,
      variables: {},
      cursorOf: (data) => data.notificationAdded.cursor,
      onEvent: ({ notificationAdded: { notification, unreadCount: unread } }) => {
        changes.current += 1;
        collection.upsert(notification);
        setUnreadCount(unread);
        if (!notification.isRead) void announce(notification);
      },
    },
    events: {
      NOTIFICATION_READ: ({ subjectId }) => {
        closeToasts([subjectId]);
        const known = collection.get(subjectId);
        if (known?.isRead) {
          changes.current += 1;
          return; // it was marked in this window
        }
        if (known) collection.upsert({ ...known, isRead: true });
        countUnread().catch(reportFailure);
      },
    },
    cache: { key: "notifications" },
  });

  const markRead = async (ids?: readonly string[]) => {
    // A notification that arrives during the request is not marked by it.
    const known = collection.getSnapshot();
    await request(MarkNotificationsRead, { ids: ids ? [...ids] : null });
    const marked = known.filter((row) => !row.isRead && (ids?.includes(row.id) ?? true));
    collection.upsert(...marked.map((row) => ({ ...row, isRead: true })));
    countUnread().catch(reportFailure);
  };
  const open = (notification: Notification) => {
    onOpen(subjectOf(notification));
    if (!notification.isRead) markRead([notification.id]).catch(reportFailure);
  };
  const announce = async (notification: Notification) => {
    const named = nameOf(notification.project);
    const title = [await translateOnce(titleOf(notification)), named].filter(Boolean).join(" · ");
    const body = await translateOnce(messageOf(notification));
    const onOpenIt = () => open(notification);
    showOnDesktop({ title, body, tag: notification.id, onOpen: onOpenIt });
    const actions = (close: () => void) => (
      <TimeActions
        notification={notification}
        done={() => done(notification)}
        snooze={(choice) => snooze(notification, choice)}
        onActed={close}
      />
    );
    const ofTime = isOfTime(notification);
    showToast({
      title,
      body,
      tone: toneOf(notification.notificationType),
      onOpen: onOpenIt,
      ...(ofTime ? { tag: notification.id, stays: true, actions } : {}),
    });
  };
  const done = async ({ id, intent }: Notification) => {
    if (intent?.assignee === "PERSON") await request(CompleteDue, { id: intent.id });
    await markRead([id]);
  };
  const snooze = async ({ id, intent }: Notification, choice: Snooze) => {
    if (!intent) return;
    // The zone of the account may be another one than that of this device.
    const { viewer } = await request(ViewerTimezone, {});
    const until = snoozedUntil(choice, viewer.timezone).toISOString();
    await request(SnoozeDue, { id: intent.id, until });
    await markRead([id]);
    showToast({ title: text.notifications.snoozed(dueTime(until, language)), tone: "success" });
  };
  const value: Notifications = { notifications: rows, unreadCount, ...list, markRead, open, done, snooze };
  return <NotificationsContext value={value}>{children}</NotificationsContext>;
}

export function useNotifications(): Notifications {
  const value = use(NotificationsContext);
  if (!value) throw new Error("useNotifications needs a NotificationsProvider above it");
  return value;
}

function subjectOf({ intent, project, sourceMessage, metadata }: Notification): Subject {
  const { decisionId } = (metadata ?? {}) as { decisionId?: unknown };
  return {
    decisionId: typeof decisionId === "string" ? decisionId : null,
    conversationId: intent?.conversation?.id ?? sourceMessage?.conversation.id ?? null,
    messageId: sourceMessage?.id ?? null,
    intentId: intent?.id ?? null,
    project: project.slug,
  };
}
