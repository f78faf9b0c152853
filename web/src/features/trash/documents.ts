import { graphql } from "@/gql";

export const Trash = graphql(`
  query Trash($projectId: ID, $after: String) {
    trash(projectId: $projectId, first: 50, after: $after) {
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
