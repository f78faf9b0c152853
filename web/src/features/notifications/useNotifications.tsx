import { type ReactNode, createContext, use, useCallback, useMemo, useRef, useState } from "react";
import { useToast } from "@/components/Toasts";
import type { NotificationFieldsFragment, NotificationType } from "@/gql/graphql";
import { coalesced } from "@/lib/coalesced";
import { Collection, newestFirst, useCollection } from "@/lib/collection";
import { showOnDesktop } from "@/lib/desktop";
import { useLanguage } from "@/lib/language";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { useLiveFeed } from "@/lib/useLiveFeed";
import { MarkNotificationsRead, NotificationAdded, NotificationList, UnreadCount } from "./documents";

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
  const { fromServer } = useLanguage();
  const [collection] = useState(() => new Collection<Notification>(newestFirst));
  const notifications = useCollection(collection);
  useOfflineCache(collection, "notifications");
  const [unreadCount, setUnreadCount] = useState(0);
  const [state, setState] = useState<{ loading: boolean; failure: RequestFailure | null; next: string | null }>({
    loading: true,
    failure: null,
    next: null,
  });

  const heard = useRef(0);
  const count = useMemo(
    () =>
      coalesced(() =>
        request(UnreadCount, {}).then(
          ({ viewer }) => setUnreadCount(viewer.unreadNotificationCount),
          (error: unknown) => setState((now) => ({ ...now, failure: toFailure(error) })),
        ),
      ),
    [request],
  );

  const load = useCallback(
    (after: string | null) =>
      collection.ask(async (asked) => {
        const before = heard.current;
        try {
          const { notifications: page } = await request(NotificationList, { after });
          const rows = page.edges.map((edge) => edge.node);
          const last = page.pageInfo.hasNextPage ? rows.at(-1) : undefined;
          if (after === null) collection.reconcile(asked, rows, (row) => !last || row.id >= last.id);
          else collection.take(asked, rows);
          if (heard.current === before) setUnreadCount(page.unreadCount);
          else count();
          setState({
            loading: false,
            failure: null,
            next: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null,
          });
        } catch (error) {
          setState((now) => ({ ...now, loading: false, failure: toFailure(error) }));
        }
      }),
    [collection, request, count],
  );
  const reload = useCallback(() => void load(null), [load]);

  const markRead = async (ids?: readonly string[]) => {
    // What comes while the server does it is not read by it.
    const known = collection.getSnapshot();
    await request(MarkNotificationsRead, { ids: ids ? [...ids] : null });
    const marked = known.filter((row) => !row.isRead && (ids?.includes(row.id) ?? true));
    collection.upsert(...marked.map((row) => ({ ...row, isRead: true })));
    count();
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
      heard.current += 1;
      collection.upsert(notification);
      setUnreadCount(unread);
      if (notification.isRead) return;
      const { title } = notification;
      const body = fromServer(notification.message);
      showOnDesktop({ title, body, tag: notification.id, onOpen: () => open(notification) });
      tell({
        title,
        body,
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
      heard.current += 1;
      if (held?.isRead) return; // it was read here
      if (held) collection.upsert({ ...held, isRead: true });
      count();
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
