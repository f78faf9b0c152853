import { graphql } from "@/gql";

graphql(`
  fragment ConversationFields on Conversation {
    id
    project {
      id
    }
    title
    archived
    model
    authorId
    visibility
    createdAt
    updatedAt
  }
`);

export const ConversationList = graphql(`
  query ConversationList($projectId: ID, $after: String, $includeArchived: Boolean!) {
    conversations(projectId: $projectId, first: 50, after: $after, includeArchived: $includeArchived) {
      edges {
        node {
          ...ConversationFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OneConversation = graphql(`
  query OneConversation($id: ID!) {
    conversation(id: $id) {
      ...ConversationFields
    }
  }
`);

export const ConversationActivity = graphql(`
  subscription ConversationActivity($projectId: ID, $after: String) {
    messageChanged(projectId: $projectId, after: $after) {
      cursor
      message {
        id
        conversation {
          ...ConversationFields
        }
      }
    }
  }
`);

export const RenameConversation = graphql(`
  mutation RenameConversation($id: ID!, $title: String!) {
    renameConversation(id: $id, title: $title) {
      ...ConversationFields
    }
  }
`);

export const ChooseModel = graphql(`
  mutation ChooseModel($id: ID!, $model: String) {
    updateConversation(input: { id: $id, model: $model }) {
      ...ConversationFields
    }
  }
`);

export const SetVisibility = graphql(`
  mutation SetVisibility($id: ID!, $visibility: Visibility!) {
    updateConversation(input: { id: $id, visibility: $visibility }) {
      ...ConversationFields
    }
  }
`);

export const ArchiveConversation = graphql(`
  mutation ArchiveConversation($id: ID!, $archived: Boolean!) {
    archiveConversation(id: $id, archived: $archived) {
      ...ConversationFields
    }
  }
`);

export const DeleteConversation = graphql(`
  mutation DeleteConversation($id: ID!) {
    deleteConversation(id: $id)
  }
`);

export const ExportedMessages = graphql(`
  query ExportedMessages($id: ID!, $after: String) {
    conversation(id: $id) {
      id
      messages(first: 100, after: $after, allVersions: true) {
        edges {
          node {
            id
            messageType
            status
            content
            createdAt
            shown
            replyTo {
              id
            }
            branchOf {
              id
            }
            citations {
              number
              kind
              text {
                title
                recordedAt
              }
              record {
                ... on Node {
                  id
                }
              }
            }
            versions {
              id
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);
