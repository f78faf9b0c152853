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
      ... on Node {
        ...SubjectFields
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
