import { type ReactNode, createContext, use, useCallback, useState } from "react";
import { useToast } from "@/components/Toasts";
import type { NotificationFieldsFragment, NotificationType } from "@/gql/graphql";
import { Collection, newestFirst, useCollection } from "@/lib/collection";
import { showOnDesktop } from "@/lib/desktop";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { useLiveFeed } from "@/lib/useLiveFeed";
import { MarkNotificationsRead, NotificationAdded, NotificationList } from "./documents";

export type Notification = NotificationFieldsFragment;

type Notifications = {
  notifications: readonly Notification[];
  unreadCount: number;
  loading: boolean;
  failure: RequestFailure | null;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
  /** Marks these read, or all without ids. */
  markRead: (ids?: readonly string[]) => Promise<void>;
  /** Shows what a notification is about. */
  open: (notification: Notification) => void;
};

const NotificationsContext = createContext<Notifications | null>(null);
const tones = { INFO: "info", SUCCESS: "success", WARNING: "warning", ERROR: "error" } as const;

export const toneOf = (type: NotificationType) => tones[type];

/** Where a notification leads: the conversation and the intent that it tells of. */
export type Subject = { conversationId: string | null; messageId: string | null; intentId: string | null };

type ProviderProps = { onOpen: (subject: Subject) => void; children: ReactNode };

/** Holds the reader's notifications, tells of new ones as they arrive, and counts the unread. */
export function NotificationsProvider({ onOpen, children }: ProviderProps) {
  const request = useRequest();
  const tell = useToast();
  const [collection] = useState(() => new Collection<Notification>(newestFirst));
  const notifications = useCollection(collection);
  const [unreadCount, setUnreadCount] = useState(0);
  const [state, setState] = useState<{ loading: boolean; failure: RequestFailure | null; next: string | null }>({
    loading: true,
    failure: null,
    next: null,
  });

  const load = useCallback(
    async (after: string | null) => {
      try {
        const { notifications: page } = await request(NotificationList, { after });
        collection.upsert(...page.edges.map((edge) => edge.node));
        setUnreadCount(page.unreadCount);
        setState({
          loading: false,
          failure: null,
          next: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null,
        });
      } catch (error) {
        setState((now) => ({ ...now, loading: false, failure: toFailure(error) }));
      }
    },
    [collection, request],
  );
  const reload = useCallback(() => void load(null), [load]);

  const markRead = async (ids?: readonly string[]) => {
    await request(MarkNotificationsRead, { ids: ids ? [...ids] : null });
    const marked = collection.getSnapshot().filter((row) => !row.isRead && (ids?.includes(row.id) ?? true));
    collection.upsert(...marked.map((row) => ({ ...row, isRead: true })));
    setUnreadCount((now) => (ids ? Math.max(0, now - marked.length) : 0));
  };
  const open = (notification: Notification) => {
    onOpen(subjectOf(notification));
    if (!notification.isRead) {
      markRead([notification.id]).catch((error: unknown) => setState((now) => ({ ...now, failure: toFailure(error) })));
    }
  };

  useLiveFeed({
    document: NotificationAdded,
    variables: {},
    cursorOf: (data) => data.notificationAdded.cursor,
    onEvent: ({ notificationAdded: { notification, unreadCount: unread } }) => {
      collection.upsert(notification);
      setUnreadCount(unread);
      if (notification.isRead) return;
      const { title, message: body } = notification;
      showOnDesktop({ title, body, tag: notification.id, onOpen: () => open(notification) });
      tell({
        title: notification.title,
        body: notification.message,
        tone: toneOf(notification.notificationType),
        onOpen: () => open(notification),
      });
    },
    load: reload,
  });
  useEvents({
    kinds: ["NOTIFICATION_READ"],
    onEvent: ({ subjectId }) => {
      const held = collection.get(subjectId);
      if (held?.isRead) return; // it was read here
      if (held) collection.upsert({ ...held, isRead: true });
      setUnreadCount((now) => Math.max(0, now - 1));
    },
    load: () => undefined,
  });

  const value: Notifications = {
    notifications,
    unreadCount,
    loading: state.loading,
    failure: state.failure,
    hasMore: state.next !== null,
    loadMore: () => void load(state.next),
    reload,
    markRead,
    open,
  };
  return <NotificationsContext value={value}>{children}</NotificationsContext>;
}

export function useNotifications(): Notifications {
  const value = use(NotificationsContext);
  if (!value) throw new Error("useNotifications needs a NotificationsProvider above it");
  return value;
}

function subjectOf({ intent, sourceMessage }: Notification): Subject {
  return {
    conversationId: intent?.conversation?.id ?? sourceMessage?.conversation.id ?? null,
    messageId: sourceMessage?.id ?? null,
    intentId: intent?.id ?? null,
  };
}
