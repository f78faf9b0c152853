import { graphql } from "@/gql";

graphql(`
  fragment WebhookFields on Webhook {
    id
    url
    description
    kinds
    enabled
    disabledReason
    disabledReasonKey
    failingSince
    lastAttemptAt
    nextAttemptAt
    pendingCount
    deadCount
  }
`);

graphql(`
  fragment DeliveryFields on WebhookDelivery {
    id
    type
    occurredAt
    status
    attempts
    nextAttemptAt
    lastAttemptAt
    httpStatus
    error
    errorKey
    errorParams
  }
`);

export const WebhookList = graphql(`
  query WebhookList($projectId: ID!) {
    webhooks(projectId: $projectId) {
      ...WebhookFields
    }
  }
`);

export const WebhookDeliveries = graphql(`
  query WebhookDeliveries($projectId: ID!, $status: DeliveryStatus, $first: Int!) {
    webhooks(projectId: $projectId) {
      id
      deliveries(status: $status, first: $first) {
        edges {
          node {
            ...DeliveryFields
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

export const SaveWebhook = graphql(`
  mutation SaveWebhook($input: SaveWebhookInput!) {
    saveWebhook(input: $input) {
      secret
      webhook {
        ...WebhookFields
      }
    }
  }
`);

export const DeleteWebhook = graphql(`
  mutation DeleteWebhook($id: ID!) {
    deleteWebhook(id: $id)
  }
`);

export const RotateWebhookSecret = graphql(`
  mutation RotateWebhookSecret($id: ID!) {
    rotateWebhookSecret(id: $id)
  }
`);

export const SendTestWebhook = graphql(`
  mutation SendTestWebhook($id: ID!) {
    sendTestWebhook(id: $id) {
      id
    }
  }
`);

export const ReplayWebhookDeliveries = graphql(`
  mutation ReplayWebhookDeliveries($id: ID!, $deliveryIds: [ID!]) {
    replayWebhookDeliveries(id: $id, deliveryIds: $deliveryIds)
  }
`);
