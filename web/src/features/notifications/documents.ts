import { graphql } from "@/gql";

graphql(`
  fragment NotificationFields on Notification {
    id
    title
    message
    key
    params
    notificationType
    isRead
    metadata
    createdAt
    intent {
      id
      conversation {
        id
      }
    }
    sourceMessage {
      id
      conversation {
        id
      }
    }
  }
`);

export const NotificationList = graphql(`
  query NotificationList($after: String) {
    notifications(first: 30, after: $after) {
      edges {
        node {
          ...NotificationFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      unreadCount
    }
  }
`);

export const NotificationAdded = graphql(`
  subscription NotificationAdded($after: String) {
    notificationAdded(after: $after) {
      cursor
      notification {
        ...NotificationFields
      }
      unreadCount
    }
  }
`);

export const MarkNotificationsRead = graphql(`
  mutation MarkNotificationsRead($ids: [ID!]) {
    markNotificationsRead(ids: $ids)
  }
`);

export const UnreadCount = graphql(`
  query UnreadCount {
    viewer {
      id
      unreadNotificationCount
    }
  }
`);
