import { graphql } from "@/gql";

export const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      userId
    }
  }
`);

export const ClaimOwnership = graphql(`
  mutation ClaimOwnership($input: ClaimOwnershipInput!) {
    claimOwnership(input: $input) {
      userId
    }
  }
`);

export const WhoIsIn = graphql(`
  query WhoIsIn {
    viewer {
      id
    }
  }
`);

export const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input)
  }
`);
