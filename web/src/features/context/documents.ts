import { graphql } from "@/gql";

graphql(`
  fragment ContextFields on AssembledContext {
    tokenCount
    tokenBudget
    droppedLayers
    failedLayers
    layers {
      layer
      retrieved
      injected
      cited
    }
    leftOut {
      layer
      score
      reason
      source {
        ... on Node {
          ...SubjectFields
        }
      }
    }
    assembledInMs
    items {
      layer
      text
      tokenCount
      score
      reason
      key
      params
      number
      cited
      source {
        ... on Node {
          ...SubjectFields
        }
      }
    }
  }
`);

export const ReplyContext = graphql(`
  query ReplyContext($id: ID!) {
    message(id: $id) {
      id
      context {
        ...ContextFields
      }
    }
  }
`);

export const IntentContext = graphql(`
  query IntentContext($id: ID!) {
    intent(id: $id) {
      id
      context {
        ...ContextFields
      }
    }
  }
`);

export const PreviewContext = graphql(`
  query PreviewContext($projectId: ID, $content: String!, $conversationId: ID) {
    previewContext(projectId: $projectId, content: $content, conversationId: $conversationId) {
      ...ContextFields
    }
  }
`);
