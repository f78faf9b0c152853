import { graphql } from "@/gql";

graphql(`
  fragment IntentFields on Intent {
    id
    project {
      id
    }
    description
    assignee
    assigneeId
    labels
    recurrence
    intentType
    classification {
      confidence
      reason
      key
      params
      classifier
    }
    status
    priority
    result
    error
    errorKey
    errorParams
    progress
    version
    attempts
    maxAttempts
    nextAttemptAt
    dueAt
    createdAt
    updatedAt
    sourceMessage {
      id
    }
    conversation {
      id
      title
    }
    contradictions {
      id
      status
    }
  }
`);

export const IntentList = graphql(`
  query IntentList(
    $projectId: ID
    $first: Int = 50
    $after: String
    $status: [IntentStatus!]
    $intentType: [IntentType!]
    $assignee: IntentAssignee
    $labels: [String!]
    $orderBy: IntentOrder
  ) {
    intents(
      projectId: $projectId
      first: $first
      after: $after
      status: $status
      intentType: $intentType
      assignee: $assignee
      labels: $labels
      orderBy: $orderBy
    ) {
      edges {
        node {
          ...IntentFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const IntentTotal = graphql(`
  query IntentTotal(
    $projectId: ID
    $status: [IntentStatus!]
    $intentType: [IntentType!]
    $assignee: IntentAssignee
    $labels: [String!]
  ) {
    intents(
      projectId: $projectId
      first: 1
      status: $status
      intentType: $intentType
      assignee: $assignee
      labels: $labels
    ) {
      totalCount
    }
  }
`);

export const ReadTask = graphql(`
  query ReadTask($text: String!, $timezone: String!) {
    readTask(text: $text, timezone: $timezone) {
      description
      undated
      dueAt
      past
      recurrence
      labels
      priority
      assignee
      reminder
      unread
    }
  }
`);

export const ConversationIntents = graphql(`
  query ConversationIntents($id: ID!) {
    conversation(id: $id) {
      id
      intents(first: 100) {
        edges {
          node {
            ...IntentFields
          }
        }
      }
    }
  }
`);

export const OneIntent = graphql(`
  query OneIntent($id: ID!) {
    intent(id: $id) {
      ...IntentFields
    }
  }
`);

export const IntentMetadata = graphql(`
  query IntentMetadata($id: ID!) {
    intent(id: $id) {
      id
      metadata
    }
  }
`);

export const IntentHold = graphql(`
  query IntentHold($id: ID!) {
    intent(id: $id) {
      id
      metadata
      history {
        toStatus
        reason
        key
        params
      }
    }
  }
`);

export const RevisionsOfResult = graphql(`
  query RevisionsOfResult($id: ID!) {
    specification(id: $id) {
      id
      revisions {
        version
        content
      }
    }
  }
`);

export const IntentHistory = graphql(`
  query IntentHistory($id: ID!) {
    intent(id: $id) {
      id
      history {
        fromStatus
        toStatus
        at
        actor
        reason
        key
        params
      }
    }
  }
`);

export const IntentChanged = graphql(`
  subscription IntentChanged($projectId: ID, $after: String) {
    intentChanged(projectId: $projectId, after: $after) {
      cursor
      kind
      intentId
      intent {
        ...IntentFields
      }
    }
  }
`);

export const CreateIntent = graphql(`
  mutation CreateIntent($input: CreateIntentInput!) {
    createIntent(input: $input) {
      ...IntentFields
    }
  }
`);

export const UpdateIntent = graphql(`
  mutation UpdateIntent($input: UpdateIntentInput!) {
    updateIntent(input: $input) {
      ...IntentFields
    }
  }
`);

export const ConfirmIntent = graphql(`
  mutation ConfirmIntent($id: ID!) {
    confirmIntent(id: $id) {
      ...IntentFields
    }
  }
`);

export const CancelIntent = graphql(`
  mutation CancelIntent($id: ID!) {
    cancelIntent(id: $id) {
      ...IntentFields
    }
  }
`);

export const RetryIntent = graphql(`
  mutation RetryIntent($id: ID!) {
    retryIntent(id: $id) {
      ...IntentFields
    }
  }
`);

export const StartIntent = graphql(`
  mutation StartIntent($id: ID!) {
    startIntent(id: $id) {
      ...IntentFields
    }
  }
`);

export const CompleteIntent = graphql(`
  mutation CompleteIntent($id: ID!, $note: String) {
    completeIntent(id: $id, note: $note) {
      ...IntentFields
    }
  }
`);

export const ReopenIntent = graphql(`
  mutation ReopenIntent($id: ID!) {
    reopenIntent(id: $id) {
      ...IntentFields
    }
  }
`);

export const DeleteIntent = graphql(`
  mutation DeleteIntent($id: ID!) {
    deleteIntent(id: $id)
  }
`);
