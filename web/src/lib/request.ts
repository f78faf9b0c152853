import { type AnyVariables, Client, type CombinedError, type TypedDocumentNode, fetchExchange } from "@urql/core";
import { useCallback } from "react";
import { useClient } from "urql";
import { takeEarlyAnswer } from "@/lib/earlyAnswers";
import { toSignIn } from "@/lib/signIn";
import { newTraceparent } from "@/lib/trace";

/**
 * A failed request: the server's `extensions.code`, or NETWORK when the server was not reached. `key` and `params`
 * are the server's, to show the message in the reader's language.
 */
export class RequestFailure extends Error {
  readonly code: string;
  readonly key: string | null;
  readonly params: unknown;

  constructor(code: string, message: string, key: string | null = null, params: unknown = null) {
    super(message);
    this.code = code;
    this.key = key;
    this.params = params;
  }
}

export function createGraphQLClient(url: string): Client {
  // No cache: live collections keep the rows and apply newer states from subscriptions.
  return new Client({
    url,
    exchanges: [fetchExchange],
    fetchOptions: () => ({ headers: { traceparent: newTraceparent() } }),
    preferGetMethod: false,
    requestPolicy: "network-only",
  });
}

/** Returns a function that runs a query or mutation: it resolves to the data or throws a RequestFailure. */
export function useRequest() {
  const client = useClient();
  return useCallback(
    async <Data, Variables extends AnyVariables>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
    ): Promise<Data> => {
      const definition = document.definitions.find((node) => node.kind === "OperationDefinition");
      const isMutation = definition?.operation === "mutation";
      const early = isMutation ? null : await takeEarlyAnswer(definition?.name?.value, variables);
      if (early) return early as Data;
      const result = await (
        isMutation ? client.mutation(document, variables) : client.query(document, variables)
      ).toPromise();
      if (result.error) throw failureOf(result.error);
      if (result.data === undefined) throw new RequestFailure("INTERNAL", "The response has no data.");
      return result.data;
    },
    [client],
  );
}

export function failureOf(error: CombinedError): RequestFailure {
  const [first] = error.graphQLErrors;
  if (first?.extensions.code === "UNAUTHENTICATED") toSignIn();
  if (!first) return new RequestFailure("NETWORK", error.networkError?.message ?? error.message);
  const { code, key, params } = first.extensions;
  return new RequestFailure(
    typeof code === "string" ? code : "INTERNAL",
    first.message,
    typeof key === "string" ? key : null,
    params,
  );
}

export function toFailure(error: unknown): RequestFailure {
  return error instanceof RequestFailure ? error : new RequestFailure("INTERNAL", String(error));
}
