import { graphql } from "relay-runtime";

graphql`
  query ConversationsQuery($first: Int!, $after: String) {
    viewer { id }
    ...Conversations_list
  }
`;

graphql`
  fragment Conversations_list on Query @refetchable(queryName: "ConversationsPaginationQuery") {
    conversations(first: $first, after: $after) @connection(key: "Conversations_conversations") {
      edges { node { id title ...Conversations_conversation } }
    }
  }
`;

graphql`
  fragment Conversations_conversation on Conversation
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "ConversationRefetchQuery") {
    title
    messages(first: $count, after: $cursor) @connection(key: "Conversation_messages") {
      edges { node { id content intents { id status } } }
    }
  }
`;

graphql`
  mutation ConversationsSendMutation($input: SendMessageInput!, $connections: [ID!]!) {
    sendMessage(input: $input) {
      message @appendNode(connections: $connections, edgeTypeName: "MessageEdge") { id content }
    }
  }
`;

graphql`
  subscription ConversationsIntentSubscription($after: String) {
    intentChanged(after: $after) { cursor intent { id status } }
  }
`;

graphql`
  query ConversationsNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Message { content }
      ... on Intent { status }
    }
  }
`;
