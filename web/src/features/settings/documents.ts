import { graphql } from "@/gql";

export const ViewerSettings = graphql(`
  query ViewerSettings {
    viewer {
      id
      displayName
      assistant {
        name
        model
        offline
      }
    }
  }
`);
