import { graphql } from "@/gql";

export const ViewerSettings = graphql(`
  query ViewerSettings {
    viewer {
      id
      displayName
      role
      access
      timezone
      availableModels
      assistant {
        name
        model
        offline
      }
    }
  }
`);

export const SetTimezone = graphql(`
  mutation SetTimezone($timezone: String!) {
    updateViewer(input: { timezone: $timezone }) {
      id
      timezone
    }
  }
`);

export const SignOut = graphql(`
  mutation SignOut {
    signOut
  }
`);
