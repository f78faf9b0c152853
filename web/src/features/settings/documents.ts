import { graphql } from "@/gql";

export const ViewerSettings = graphql(`
  query ViewerSettings {
    viewer {
      id
      displayName
      role
      access
      assistant {
        name
        model
        offline
      }
    }
  }
`);

export const SignOut = graphql(`
  mutation SignOut {
    signOut
  }
`);
