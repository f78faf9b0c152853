import { createRequest } from "@urql/core";

/** Parses a GraphQL document. The build replaces each `graphql(...)` call with a call of this function. */
export function parseDocument(text: string) {
  return createRequest(text, {}).query;
}
