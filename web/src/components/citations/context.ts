import { createContext } from "react";
import { graphql } from "@/gql";
import type { CitationFieldsFragment } from "@/gql/graphql";

graphql(`
  fragment CitationFields on Citation {
    number
    kind
    text {
      title
      excerpt
      recordedAt
    }
    record {
      __typename
      ... on Decision {
        id
        status
        project {
          id
          slug
        }
      }
      ... on Intent {
        id
        project {
          id
          slug
        }
      }
      ... on Specification {
        id
        project {
          id
          slug
        }
      }
      ... on Memory {
        id
        # Null when it is about the person; fields of one name may not differ in that.
        memoryProject: project {
          id
          slug
        }
      }
      ... on Message {
        id
        conversation {
          id
          project {
            id
            slug
          }
        }
      }
    }
  }
`);

export type Citation = CitationFieldsFragment;

/** The citations of the text that is rendered; `unfinished` while they are not known yet. */
export const CitationsContext = createContext<{ citations: readonly Citation[]; unfinished: boolean }>({
  citations: [],
  unfinished: false,
});
