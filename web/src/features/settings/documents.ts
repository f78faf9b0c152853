import { graphql } from "@/gql";

export const ViewerSettings = graphql(`
  query ViewerSettings {
    viewer {
      id
      displayName
      role
      access
      timezone
      chosenTimezone
      availableModels
      assistant {
        name
        model
        offline
      }
    }
  }
`);

export const ReportDeviceZone = graphql(`
  mutation ReportDeviceZone($zone: String!) {
    updateViewer(input: { deviceTimezone: $zone }) {
      id
      timezone
    }
  }
`);

export const ChooseZone = graphql(`
  mutation ChooseZone($zone: String, $device: String, $follow: Boolean!) {
    updateViewer(input: { timezone: $zone, deviceTimezone: $device, followDevice: $follow }) {
      id
      timezone
      chosenTimezone
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
    furtherModels
    fromEnvironment
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

export const RemoveModel = graphql(`
  mutation RemoveModel {
    removeModelConfiguration {
      ...ModelConfigurationFields
    }
  }
`);

export const TestModel = graphql(`
  mutation TestModel($input: ModelConfigurationInput!) {
    testModelConfiguration(input: $input)
  }
`);
