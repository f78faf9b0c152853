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
    project {
      id
      slug
    }
    intent {
      id
      assignee
      intentType
      status
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
  query NotificationList($projectId: ID, $after: String) {
    notifications(projectId: $projectId, first: 30, after: $after) {
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
  subscription NotificationAdded($projectId: ID, $after: String) {
    notificationAdded(projectId: $projectId, after: $after) {
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

export const CompleteDue = graphql(`
  mutation CompleteDue($id: ID!) {
    completeIntent(id: $id) {
      id
      status
    }
  }
`);

export const SnoozeDue = graphql(`
  mutation SnoozeDue($id: ID!, $until: DateTime!) {
    updateIntent(input: { id: $id, dueAt: $until }) {
      id
      dueAt
    }
  }
`);

export const ViewerTimezone = graphql(`
  query ViewerTimezone {
    viewer {
      id
      timezone
    }
  }
`);
