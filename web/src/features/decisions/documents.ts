import { graphql } from "@/gql";

graphql(`
  fragment ChoicePointFields on ChoicePoint {
    id
    question
    options {
      id
      label
      rejectionReason
    }
    chosen {
      id
      label
    }
    rationale
    tags
    decidedAt
    createdAt
    conversation {
      id
      title
    }
    intent {
      id
    }
  }
`);

export const ChoicePointList = graphql(`
  query ChoicePointList($after: String, $decided: Boolean) {
    choicePoints(first: 50, after: $after, decided: $decided) {
      edges {
        node {
          ...ChoicePointFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OneChoicePoint = graphql(`
  query OneChoicePoint($id: ID!) {
    node(id: $id) {
      __typename
      ...ChoicePointFields
    }
  }
`);

export const CreateChoicePoint = graphql(`
  mutation CreateChoicePoint($input: CreateChoicePointInput!) {
    createChoicePoint(input: $input) {
      ...ChoicePointFields
    }
  }
`);

export const DecideChoicePoint = graphql(`
  mutation DecideChoicePoint($input: DecideChoicePointInput!) {
    decideChoicePoint(input: $input) {
      ...ChoicePointFields
    }
  }
`);
