import { graphql } from "@/gql";

export const AuditTrail = graphql(`
  query AuditTrail($kinds: [SecurityEventKind!], $after: String) {
    securityEvents(kinds: $kinds, first: 25, after: $after) {
      edges {
        node {
          id
          kind
          userId
          userName
          actor
          actorName
          address
          detail
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
