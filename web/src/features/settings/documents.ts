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

graphql(`
  fragment ModelConfigurationFields on ModelConfiguration {
    model
    baseUrl
    hasKey
    fromEnvironment
    restartNeeded
  }
`);

export const ModelSettings = graphql(`
  query ModelSettings {
    modelConfiguration {
      ...ModelConfigurationFields
    }
  }
`);

export const SaveModel = graphql(`
  mutation SaveModel($input: ModelConfigurationInput!) {
    saveModelConfiguration(input: $input) {
      ...ModelConfigurationFields
    }
  }
`);

export const TestModel = graphql(`
  mutation TestModel($input: ModelConfigurationInput!) {
    testModelConfiguration(input: $input)
  }
`);
