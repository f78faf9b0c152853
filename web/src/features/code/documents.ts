import { graphql } from "@/gql";

export const CodeSessionsOfIntent = graphql(`
  query CodeSessionsOfIntent($id: ID!) {
    intent(id: $id) {
      id
      codeSessions {
        id
        status
        startedAt
        totalDurationSeconds
        errorMessage
        errorKey
        errorParams
        executions {
          executionOrder
          toolName
          input
          output
          success
          errorMessage
          errorKey
          errorParams
          durationMs
        }
      }
    }
  }
`);
