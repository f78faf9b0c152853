import { graphql } from "@/gql";

export const SearchEverything = graphql(`
  query SearchEverything($query: String!, $kinds: [SearchKind!]) {
    search(query: $query, kinds: $kinds, first: 20) {
      snippet
      occurredAt
      node {
        ... on Node {
          ...SubjectFields
        }
      }
    }
  }
`);
