import { graphql } from "@/gql";

graphql(`
  fragment ActionFields on Action {
    id
    project {
      id
    }
    tool
    arguments
    summary
    key
    params
    status
    actor
    reason
    reasonKey
    reasonParams
    undoable
    createdAt
    updatedAt
    message {
      id
    }
    subject {
      id
      ...SubjectFields
    }
    candidates {
      ... on Node {
        id
        ...SubjectFields
      }
      ... on Intent {
        dueAt
      }
    }
  }
`);

export const ActionList = graphql(`
  query ActionList($projectId: ID, $after: String) {
    actions(projectId: $projectId, first: 20, after: $after) {
      edges {
        node {
          ...ActionFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const ProposedActionList = graphql(`
  query ProposedActionList($projectId: ID) {
    actions(projectId: $projectId, first: 50, status: [PROPOSED]) {
      edges {
        node {
          ...ActionFields
        }
      }
    }
  }
`);

export const ActionsOfAgent = graphql(`
  query ActionsOfAgent($agentId: ID!, $after: String) {
    actions(agentId: $agentId, first: 20, after: $after) {
      edges {
        node {
          ...ActionFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const ConversationActions = graphql(`
  query ConversationActions($id: ID!) {
    conversation(id: $id) {
      id
      messages(last: 50) {
        edges {
          node {
            id
            actions {
              id
            }
          }
        }
      }
    }
  }
`);

export const ActionsOfOtherVersions = graphql(`
  query ActionsOfOtherVersions($messageId: ID!) {
    message(id: $messageId) {
      id
      actionsOfOtherVersions {
        id
        undoable
      }
    }
  }
`);

export const OneAction = graphql(`
  query OneAction($id: ID!) {
    node(id: $id) {
      id
      ...ActionFields
    }
  }
`);

export const AcceptAction = graphql(`
  mutation AcceptAction($id: ID!, $arguments: JSON) {
    acceptAction(id: $id, arguments: $arguments) {
      ...ActionFields
    }
  }
`);

export const DismissAction = graphql(`
  mutation DismissAction($id: ID!) {
    dismissAction(id: $id) {
      ...ActionFields
    }
  }
`);

export const UndoAction = graphql(`
  mutation UndoAction($id: ID!) {
    undoAction(id: $id) {
      ...ActionFields
    }
  }
`);
