import { useState } from "react";
import { Collection, newestFirst } from "@/lib/collection";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { NotificationAdded, NotificationList } from "./documents";
import { type Notification, useNotifications } from "./useNotifications";

/** The notifications of one project, and how to mark all of them as read. The bell shows those of all projects. */
export function useProjectNotifications(projectId: string) {
  const request = useRequest();
  const { markRead } = useNotifications();
  const [collection] = useState(() => new Collection<Notification>(newestFirst));
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(NotificationList, { projectId, after })).notifications),
    feed: {
      document: NotificationAdded,
      variables: { projectId },
      cursorOf: (data) => data.notificationAdded.cursor,
      onEvent: ({ notificationAdded: { notification } }) => collection.upsert(notification),
    },
    projectId,
    events: {
      NOTIFICATION_READ: ({ subjectId }) => {
        const known = collection.get(subjectId);
        if (known) collection.upsert({ ...known, isRead: true });
      },
    },
  });
  const unread = rows.filter(({ isRead }) => !isRead).map(({ id }) => id);
  return { ...list, notifications: rows, unreadCount: unread.length, markRead: () => markRead(unread) };
}
