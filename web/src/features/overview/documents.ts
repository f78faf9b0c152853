import { graphql } from "@/gql";

export const Overview = graphql(`
  query Overview($projectId: ID, $days: Int!, $timezone: String!) {
    overview(projectId: $projectId, days: $days, timezone: $timezone) {
      start
      end
      messages
      answers
      completedIntents
      failedIntents
      answerSeconds
      intentSeconds
      inputTokens
      cachedTokens
      outputTokens
      statuses {
        status
        count
      }
    }
  }
`);
