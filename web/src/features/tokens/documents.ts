import { graphql } from "@/gql";

graphql(`
  fragment TokenFields on Token {
    id
    name
    hint
    createdAt
    lastUsedAt
    expiresAt
    readOnly
    oneProject
    project {
      id
      name
    }
  }
`);

export const TokenList = graphql(`
  query TokenList($after: String) {
    tokens(first: 100, after: $after) {
      edges {
        node {
          ...TokenFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CreateToken = graphql(`
  mutation CreateToken($input: CreateTokenInput!) {
    createToken(input: $input) {
      secret
      token {
        ...TokenFields
      }
    }
  }
`);

export const RevokeToken = graphql(`
  mutation RevokeToken($id: ID!) {
    revokeToken(id: $id) {
      id
    }
  }
`);
