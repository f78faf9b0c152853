import { graphql } from "@/gql";

graphql(`
  fragment DecisionFields on Decision {
    id
    project {
      id
    }
    number
    title
    kind
    topic
    context
    options {
      id
      label
      rejectionReason
    }
    chosen {
      id
      label
    }
    value
    rationale
    consequences
    status
    version
    tags
    decidedAt
    validUntil
    createdAt
    updatedAt
    supersededBy {
      id
      number
      title
      status
    }
    supersedes {
      id
      number
      title
      status
    }
    conversation {
      id
      title
    }
    intent {
      id
      description
    }
    contradictions {
      id
      status
    }
  }
`);

export const DecisionList = graphql(`
  query DecisionList($projectId: ID, $after: String, $status: [DecisionStatus!]) {
    decisions(projectId: $projectId, first: 50, after: $after, status: $status) {
      edges {
        node {
          ...DecisionFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OneDecision = graphql(`
  query OneDecision($id: ID!) {
    decision(id: $id) {
      ...DecisionFields
    }
  }
`);

export const DecisionDetails = graphql(`
  query DecisionDetails($id: ID!) {
    decision(id: $id) {
      id
      sources {
        ...SubjectFields
      }
      history {
        at
        actor
        fromStatus
        toStatus
        reason
        key
        params
      }
    }
  }
`);

export const RecordDecision = graphql(`
  mutation RecordDecision($input: RecordDecisionInput!) {
    recordDecision(input: $input) {
      ...DecisionFields
    }
  }
`);

export const UpdateDecision = graphql(`
  mutation UpdateDecision($input: UpdateDecisionInput!) {
    updateDecision(input: $input) {
      ...DecisionFields
    }
  }
`);

export const SetDecisionStatus = graphql(`
  mutation SetDecisionStatus($id: ID!, $status: DecisionStatus!, $reason: String!) {
    setDecisionStatus(id: $id, status: $status, reason: $reason) {
      ...DecisionFields
    }
  }
`);

export const DeleteDecision = graphql(`
  mutation DeleteDecision($id: ID!) {
    deleteDecision(id: $id)
  }
`);
