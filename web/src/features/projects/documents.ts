import { graphql } from "@/gql";

graphql(`
  fragment ProjectFields on Project {
    id
    name
    slug
    description
    archived
    role
    createdAt
    updatedAt
  }
`);

export const ProjectList = graphql(`
  query ProjectList($after: String) {
    viewer {
      id
      defaultProject {
        id
      }
    }
    projects(first: 100, after: $after, includeArchived: true) {
      edges {
        node {
          ...ProjectFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OneProject = graphql(`
  query OneProject($id: ID!) {
    project(id: $id) {
      ...ProjectFields
    }
  }
`);

export const SaveProject = graphql(`
  mutation SaveProject($input: SaveProjectInput!) {
    saveProject(input: $input) {
      ...ProjectFields
    }
  }
`);

export const ArchiveProject = graphql(`
  mutation ArchiveProject($id: ID!, $archived: Boolean!) {
    archiveProject(id: $id, archived: $archived) {
      ...ProjectFields
    }
  }
`);

export const DeleteProject = graphql(`
  mutation DeleteProject($id: ID!) {
    deleteProject(id: $id)
  }
`);

export const ProjectState = graphql(`
  query ProjectState($id: ID!) {
    open: intents(projectId: $id, status: [PENDING, PROCESSING, AWAITING_CONFIRMATION], orderBy: DUE, first: 6) {
      totalCount
      edges {
        node {
          id
          description
          dueAt
        }
      }
    }
    waiting: intents(projectId: $id, status: [AWAITING_CONFIRMATION], first: 1) {
      totalCount
    }
    decisions(projectId: $id, status: [ACCEPTED], first: 6) {
      edges {
        node {
          id
          number
          title
          decidedAt
          createdAt
        }
      }
    }
  }
`);
