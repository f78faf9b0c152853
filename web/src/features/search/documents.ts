import { graphql } from "@/gql";

export const SearchEverything = graphql(`
  query SearchEverything($projectId: ID, $query: String!, $kinds: [SearchKind!]) {
    search(projectId: $projectId, query: $query, kinds: $kinds, first: 20) {
      ...HitFields
      reasons
      also {
        ...HitFields
      }
    }
  }

  fragment HitFields on SearchHit {
    snippet
    occurredAt
    rating
    node {
      ... on Node {
        ...SubjectFields
      }
      ... on Decision {
        validUntil
      }
    }
  }
`);
