import type { Fetcher } from "@graphiql/toolkit";
import { type DocumentNode, GraphQLError, type OperationDefinitionNode, parse } from "graphql";

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined; // the server reports the syntax error
    throw error;
  }
}

/**
 * GraphiQL parses a tab shortly after showing it: a tab that is run at once would use the operation name and the
 * transport of the previous tab. This fetcher uses the document that is sent.
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
