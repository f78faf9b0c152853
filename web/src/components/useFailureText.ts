import { useCallback } from "react";
import { useText } from "@/lib/language";
import type { RequestFailure } from "@/lib/request";

/** A sentence for a person out of a failure. What the server explains itself is passed on as it is. */
export function useFailureText(): (failure: RequestFailure) => string {
  const { failure: text } = useText();
  return useCallback(
    ({ code, message }) => {
      switch (code) {
        case "NETWORK":
          return text.network;
        case "INTERNAL":
          return text.internal;
        case "UNAUTHENTICATED":
          return text.unauthenticated;
        case "FORBIDDEN":
          return text.forbidden;
        case "NOT_FOUND":
          return text.notFound;
        case "RATE_LIMITED":
          return text.rateLimited;
        case "TIMEOUT":
          return text.timeout;
        default:
          return message;
      }
    },
    [text],
  );
}
