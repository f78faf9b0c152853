const query = `# What was said, and what came of it.
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

const mutation = `# Say something: a reply is begun, and intents are raised from it.
mutation Send($content: String!) {
  sendMessage(input: { content: $content }) {
    message { id conversation { id title } }
    reply { id status }
  }
}
`;

const subscription = `# Every intent as it moves. Give the last cursor as \`after\` to resume behind it.
subscription Intents($after: String) {
  intentChanged(after: $after) {
    cursor
    kind
    previousStatus
    intent { description intentType status progress error }
  }
}
`;

const search = `# Everything that was said, wished, laid down, decided and remembered, by words and meaning.
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
      ... on ChoicePoint { question }
      ... on Memory { content }
    }
  }
}
`;

/** The tabs that GraphiQL opens with; what is typed later is kept in the browser. */
export const examples = [
  { query },
  { query: mutation, variables: JSON.stringify({ content: "Summarise the auth design by next week" }, null, 2) },
  { query: subscription },
  { query: search, variables: JSON.stringify({ query: "auth design" }, null, 2) },
];
