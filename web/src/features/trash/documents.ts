import { graphql } from "@/gql";

export const Trash = graphql(`
  query Trash($after: String) {
    trash(first: 50, after: $after) {
      edges {
        deletedAt
        deletedBy
        node {
          id
          ...SubjectFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
