import { graphql } from "@/gql";

export const Overview = graphql(`
  query Overview($days: Int!, $timezone: String!) {
    overview(days: $days, timezone: $timezone) {
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
