import { graphql } from "@/gql";

export const OverviewIntents = graphql(`
  query OverviewIntents($after: String) {
    intents(first: 50, after: $after, orderBy: NEWEST) {
      edges {
        node {
          id
          status
          createdAt
          processedAt
          metadata
          history {
            toStatus
            at
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OverviewMessages = graphql(`
  query OverviewMessages($before: String) {
    messages(last: 100, before: $before) {
      edges {
        node {
          id
          messageType
          status
          createdAt
          metadata
        }
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
`);
