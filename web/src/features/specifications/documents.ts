import { graphql } from "@/gql";

graphql(`
  fragment SpecificationFields on Specification {
    id
    project {
      id
    }
    title
    content
    version
    status
    tags
    createdAt
    updatedAt
  }
`);

export const SpecificationList = graphql(`
  query SpecificationList($projectId: ID, $after: String, $status: [SpecificationStatus!]) {
    specifications(projectId: $projectId, first: 50, after: $after, status: $status) {
      edges {
        node {
          ...SpecificationFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OneSpecification = graphql(`
  query OneSpecification($id: ID!) {
    specification(id: $id) {
      ...SpecificationFields
    }
  }
`);

export const SpecificationRevisions = graphql(`
  query SpecificationRevisions($id: ID!) {
    specification(id: $id) {
      id
      revisions {
        version
        title
        content
        status
        author
        createdAt
      }
    }
  }
`);

export const SaveSpecification = graphql(`
  mutation SaveSpecification($input: SaveSpecificationInput!) {
    saveSpecification(input: $input) {
      ...SpecificationFields
    }
  }
`);

export const RestoreSpecification = graphql(`
  mutation RestoreSpecification($id: ID!, $version: Int!) {
    restoreSpecification(id: $id, version: $version) {
      ...SpecificationFields
    }
  }
`);

export const DeleteSpecification = graphql(`
  mutation DeleteSpecification($id: ID!) {
    deleteSpecification(id: $id)
  }
`);
