import { graphql } from "@/gql";

graphql(`
  fragment MessageFields on Message {
    id
    userId
    content
    messageType
    status
    error
    errorKey
    errorParams
    metadata
    createdAt
    updatedAt
    shown
    citations {
      ...CitationFields
    }
    versions {
      id
    }
    replyTo {
      id
    }
    conversation {
      id
    }
    attachments {
      id
      name
      mediaType
      size
      url
      thumbnailUrl
    }
  }
`);

export const ConversationMessages = graphql(`
  query ConversationMessages($id: ID!, $before: String) {
    conversation(id: $id) {
      id
      messages(last: 50, before: $before) {
        edges {
          node {
            ...MessageFields
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
`);

export const MessageChanged = graphql(`
  subscription MessageChanged($conversationId: ID!, $after: String) {
    messageChanged(conversationId: $conversationId, after: $after) {
      cursor
      kind
      messageId
      message {
        ...MessageFields
      }
    }
  }
`);

export const ReplyStreamed = graphql(`
  subscription ReplyStreamed($messageId: ID!, $fromOffset: Int!) {
    replyStreamed(messageId: $messageId, fromOffset: $fromOffset) {
      offset
      text
      status
    }
  }
`);

export const SendMessage = graphql(`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        ...MessageFields
      }
      reply {
        ...MessageFields
      }
    }
  }
`);

export const StopReply = graphql(`
  mutation StopReply($messageId: ID!) {
    stopReply(messageId: $messageId) {
      ...MessageFields
    }
  }
`);

export const RegenerateReply = graphql(`
  mutation RegenerateReply($messageId: ID!) {
    regenerateReply(messageId: $messageId) {
      ...MessageFields
    }
  }
`);

export const ContinueReply = graphql(`
  mutation ContinueReply($messageId: ID!) {
    continueReply(messageId: $messageId) {
      ...MessageFields
    }
  }
`);

export const EditMessage = graphql(`
  mutation EditMessage($id: ID!, $content: String!) {
    editMessage(id: $id, content: $content) {
      message {
        ...MessageFields
      }
      reply {
        ...MessageFields
      }
    }
  }
`);

export const SelectVersion = graphql(`
  mutation SelectVersion($messageId: ID!) {
    selectVersion(messageId: $messageId) {
      id
    }
  }
`);

export const MessageShown = graphql(`
  query MessageShown($id: ID!) {
    message(id: $id) {
      id
      shown
      conversation {
        id
      }
    }
  }
`);

export const DeleteMessage = graphql(`
  mutation DeleteMessage($id: ID!) {
    deleteMessage(id: $id)
  }
`);
