import { type AnyVariables, Client, type CombinedError, type TypedDocumentNode, fetchExchange } from "@urql/core";
import { useCallback } from "react";
import { useClient } from "urql";
import { toSignIn } from "@/lib/signIn";
import { newTraceparent } from "@/lib/trace";

/** Why a request failed: the server's `extensions.code`, or NETWORK when it was not reached. */
export class RequestFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function createGraphQLClient(url: string): Client {
  // Live collections hold what was read and take newer states from subscriptions, so no cache stands between.
  return new Client({
    url,
    exchanges: [fetchExchange],
    fetchOptions: () => ({ headers: { traceparent: newTraceparent() } }),
    preferGetMethod: false,
    requestPolicy: "network-only",
  });
}

/** A function that runs a query or mutation and gives its data, or throws a RequestFailure. */
export function useRequest() {
  const client = useClient();
  return useCallback(
    async <Data, Variables extends AnyVariables>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
    ): Promise<Data> => {
      const definition = document.definitions.find((node) => node.kind === "OperationDefinition");
      const result = await (
        definition?.operation === "mutation" ? client.mutation(document, variables) : client.query(document, variables)
      ).toPromise();
      if (result.error) throw failureOf(result.error);
      if (result.data === undefined) throw new RequestFailure("INTERNAL", "The answer holds no data.");
      return result.data;
    },
    [client],
  );
}

export function failureOf(error: CombinedError): RequestFailure {
  const [first] = error.graphQLErrors;
  if (first?.extensions.code === "UNAUTHENTICATED") toSignIn();
  if (!first) return new RequestFailure("NETWORK", error.networkError?.message ?? error.message);
  const code = first.extensions.code;
  return new RequestFailure(typeof code === "string" ? code : "INTERNAL", first.message);
}

export function toFailure(error: unknown): RequestFailure {
  return error instanceof RequestFailure ? error : new RequestFailure("INTERNAL", String(error));
}
