import { graphql } from "@/gql";

graphql(`
  fragment ProjectFields on Project {
    id
    name
    slug
    description
    repositories
    archived
    role
    muted
    members {
      userId
      userName
      displayName
      role
      joinedAt
    }
    formerMembers {
      userId
      displayName
    }
    createdAt
    updatedAt
  }
`);

export const ProjectList = graphql(`
  query ProjectList($after: String) {
    viewer {
      id
      access
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

export const CreateInvitation = graphql(`
  mutation CreateInvitation($projectId: ID!, $role: ProjectRole!) {
    createInvitation(projectId: $projectId, role: $role) {
      url
      expiresAt
    }
  }
`);

export const AcceptInvitation = graphql(`
  mutation AcceptInvitation($code: String!) {
    acceptInvitation(code: $code) {
      ...ProjectFields
    }
  }
`);

export const SetProjectMember = graphql(`
  mutation SetProjectMember($projectId: ID!, $userName: String!, $role: ProjectRole) {
    setProjectMember(projectId: $projectId, userName: $userName, role: $role) {
      ...ProjectFields
    }
  }
`);

export const LeaveProject = graphql(`
  mutation LeaveProject($projectId: ID!, $userName: String!) {
    setProjectMember(projectId: $projectId, userName: $userName) {
      id
    }
  }
`);

export const MuteProject = graphql(`
  mutation MuteProject($id: ID!, $muted: Boolean!) {
    muteProject(id: $id, muted: $muted) {
      ...ProjectFields
    }
  }
`);
