import type { Fetcher } from "@graphiql/toolkit";
import { type DocumentNode, GraphQLError, type OperationDefinitionNode, parse } from "graphql";

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined; // the server says what is wrong with it
    throw error;
  }
}

/**
 * GraphiQL learns what a tab holds a moment after it shows it: whoever runs a tab at once would run it under the name,
 * and over the transport, of the tab before. This fetcher goes by the document that is really sent.
 */
export function currentFetcher(fetcher: Fetcher): Fetcher {
  return (request, options) => {
    const documentAST = parsed(request.query);
    if (!documentAST) return fetcher(request, options);
    const names = documentAST.definitions
      .filter((each): each is OperationDefinitionNode => each.kind === "OperationDefinition")
      .map((each) => each.name?.value);
    const operationName = names.includes(request.operationName ?? undefined)
      ? (request.operationName ?? null)
      : (names[0] ?? null);
    return fetcher({ ...request, operationName }, { ...options, documentAST });
  };
}
