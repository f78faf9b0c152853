import { graphql } from "@/gql";

export const Trace = graphql(`
  query Trace($id: ID!) {
    trace(id: $id) {
      kind
      subjectId
      causedBy
      payload
      createdAt
    }
  }
`);

export const TracedSubject = graphql(`
  query TracedSubject($id: ID!) {
    node(id: $id) {
      ...SubjectFields
    }
  }
`);
