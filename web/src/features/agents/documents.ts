import { graphql } from "@/gql";

graphql(`
  fragment AgentFields on Agent {
    id
    name
    firstUsedAt
    lastUsedAt
    actionCount
    oneProject
    project {
      id
      name
    }
    usedToken
    token {
      id
      name
      hint
      readOnly
    }
  }
`);

export const AgentList = graphql(`
  query AgentList($after: String) {
    agents(first: 20, after: $after) {
      edges {
        node {
          ...AgentFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CreateAgentToken = graphql(`
  mutation CreateAgentToken($input: CreateTokenInput!) {
    createToken(input: $input) {
      secret
      token {
        id
      }
    }
  }
`);

export const RevokeAgentToken = graphql(`
  mutation RevokeAgentToken($id: ID!) {
    revokeToken(id: $id) {
      id
    }
  }
`);
