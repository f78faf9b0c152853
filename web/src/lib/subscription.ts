import { type TypedDocumentNode, stringifyDocument } from "@urql/core";
import type { GraphQLFormattedError } from "graphql";
import { type LiveSocket, backOff, waitToRetry } from "@/lib/liveSocket";
import { newTraceparent } from "@/lib/trace";

type Subscription<Data, Variables> = {
  document: TypedDocumentNode<Data, Variables>;
  /** Called each time the subscription is sent, so a reconnect resumes from the current position. */
  variables: () => Variables;
  onData: (data: Data) => void;
  /** Called when the subscription starts; not called when the socket reconnects. */
  onStart?: () => void;
  /** Called with the errors of the server; the subscription is sent again unless this returns "stop". */
  onErrors?: (errors: readonly GraphQLFormattedError[]) => "again" | "stop";
  /** Called when the server completes the subscription; it is sent again unless this returns "stop". */
  onComplete?: () => "again" | "stop";
};

/** Subscribes until stopped, across reconnects, errors and early ends. Returns the function to stop. */
export function subscribe<Data, Variables>(
  socket: LiveSocket,
  { document, variables, onData, onStart, onErrors, onComplete }: Subscription<Data, Variables>,
): () => void {
  let stopped = false;
  let unsubscribe = () => {};
  let failures = 0;

  const again = () => {
    if (stopped) return;
    void waitToRetry(backOff(failures++)).then(() => {
      if (!stopped) start();
    });
  };
  const fail = (errors: readonly GraphQLFormattedError[]) => {
    if (stopped) return;
    if (onErrors?.(errors) === "stop") stopped = true;
    else again();
  };
  const start = () => {
    let failed = false;
    unsubscribe = socket.client.subscribe<Data>(
      {
        query: stringifyDocument(document),
        // graphql-ws sends this object again after a reconnect; the getter supplies the current position.
        get variables() {
          return variables() as Record<string, unknown>;
        },
        extensions: { traceparent: newTraceparent() },
      },
      {
        next: (result) => {
          if (stopped) return;
          if (result.errors) {
            failed = true;
            fail(result.errors);
            unsubscribe();
          } else if (result.data) {
            failures = 0;
            onData(result.data);
          }
        },
        error: (error) => {
          if (failed) return;
          failed = true;
          fail(Array.isArray(error) ? (error as readonly GraphQLFormattedError[]) : []);
        },
        complete: () => {
          if (stopped || failed) return;
          if (onComplete?.() === "stop") stopped = true;
          else again();
        },
      },
    );
    onStart?.();
  };
  start();
  return () => {
    stopped = true;
    unsubscribe();
  };
}
