import { graphql } from "@/gql";

graphql(`
  fragment ContradictionFields on Contradiction {
    id
    kind
    confidence
    explanation
    key
    params
    judge
    status
    rationale
    rationaleKey
    rationaleParams
    createdAt
    resolvedAt
    intent {
      id
      status
    }
    conflictsWith {
      ...SubjectFields
    }
    conflictsWithDecision {
      ...SubjectFields
      id
      kind
      topic
      chosen {
        id
        label
      }
      supersededBy {
        id
        status
      }
    }
    conflictsWithSpecification {
      ...SubjectFields
    }
  }
`);

export const IntentContradictions = graphql(`
  query IntentContradictions($id: ID!) {
    intent(id: $id) {
      id
      contradictions {
        ...ContradictionFields
      }
    }
  }
`);

export const DecisionContradictions = graphql(`
  query DecisionContradictions($id: ID!) {
    decision(id: $id) {
      id
      contradictions {
        ...ContradictionFields
      }
    }
  }
`);

export const ResolveContradiction = graphql(`
  mutation ResolveContradiction($input: ResolveContradictionInput!) {
    resolveContradiction(input: $input) {
      ...ContradictionFields
    }
  }
`);
