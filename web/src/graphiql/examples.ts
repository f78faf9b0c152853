const query = `# Conversations with their messages and intents.
query Conversations {
  viewer {
    displayName
    unreadNotificationCount
    assistant { name model offline }
  }
  conversations(first: 5) {
    edges {
      node {
        title
        messages(last: 4) {
          edges { node { messageType status content intents { description intentType status } } }
        }
      }
    }
  }
}
`;

const mutation = `# Sends a message: a reply starts, and intents are created from it.
mutation Send($content: String!) {
  sendMessage(input: { content: $content }) {
    message { id conversation { id title } }
    reply { id status }
  }
}
`;

const subscription = `# Every change of an intent. Pass the last cursor as \`after\` to resume from it.
subscription Intents($after: String) {
  intentChanged(after: $after) {
    cursor
    kind
    previousStatus
    intent { description intentType status progress error }
  }
}
`;

const search = `# Messages, intents, specifications, decisions and memories, by text and meaning.
query Search($query: String!) {
  search(query: $query, first: 10) {
    score
    snippet
    occurredAt
    node {
      __typename
      ... on Message { content }
      ... on Intent { description status }
      ... on Specification { title }
      ... on Decision { number title }
      ... on Memory { content }
    }
  }
}
`;

/** The initial tabs of GraphiQL; later changes are kept in the browser. */
export const examples = [
  { query },
  { query: mutation, variables: JSON.stringify({ content: "Summarise the auth design by next week" }, null, 2) },
  { query: subscription },
  { query: search, variables: JSON.stringify({ query: "auth design" }, null, 2) },
];
