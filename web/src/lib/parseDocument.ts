import { createRequest } from "@urql/core";

/** The document of this text. The build writes calls of it where the source names a document by `graphql`. */
export function parseDocument(text: string) {
  return createRequest(text, {}).query;
}
