import { graphql } from "@/gql";

graphql(`
  fragment MemoryFields on Memory {
    id
    project {
      id
    }
    content
    kind
    importance
    accessCount
    lastAccessedAt
    expiresAt
    archived
    tags
    createdAt
    reviewedAt
    source {
      ... on Node {
        ...SubjectFields
      }
    }
    supersededBy {
      id
    }
  }
`);

export const MemoryList = graphql(`
  query MemoryList($projectId: ID, $after: String, $kind: MemoryKind, $includeArchived: Boolean!) {
    memories(projectId: $projectId, first: 50, after: $after, kind: $kind, includeArchived: $includeArchived) {
      edges {
        node {
          ...MemoryFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MemoriesToReview = graphql(`
  query MemoriesToReview($projectId: ID, $after: String) {
    memories(projectId: $projectId, first: 100, after: $after, reviewed: false) {
      edges {
        node {
          ...MemoryFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const KeepMemories = graphql(`
  mutation KeepMemories($ids: [ID!]!, $kept: Boolean!) {
    keepMemories(ids: $ids, kept: $kept) {
      ...MemoryFields
    }
  }
`);

export const OneMemory = graphql(`
  query OneMemory($id: ID!) {
    node(id: $id) {
      __typename
      ...MemoryFields
    }
  }
`);

export const SearchMemories = graphql(`
  query SearchMemories($projectId: ID, $query: String!) {
    search(projectId: $projectId, query: $query, kinds: [MEMORY], first: 30) {
      node {
        __typename
        ...MemoryFields
      }
    }
  }
`);

export const SaveMemory = graphql(`
  mutation SaveMemory($input: SaveMemoryInput!) {
    saveMemory(input: $input) {
      ...MemoryFields
    }
  }
`);

export const ArchiveMemory = graphql(`
  mutation ArchiveMemory($id: ID!, $archived: Boolean!) {
    archiveMemory(id: $id, archived: $archived) {
      ...MemoryFields
    }
  }
`);

export const DeleteMemory = graphql(`
  mutation DeleteMemory($id: ID!) {
    deleteMemory(id: $id)
  }
`);
