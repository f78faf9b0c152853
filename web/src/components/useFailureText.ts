import { useCallback } from "react";
import { useLanguage } from "@/lib/language";
import type { RequestFailure } from "@/lib/request";

/** A sentence for a person out of a failure. What the server explains itself is said in the reader's language. */
export function useFailureText(): (failure: RequestFailure) => string {
  const { text: spoken, fromServer } = useLanguage();
  const text = spoken.failure;
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
        case "UNAVAILABLE":
          return text.unavailable;
        case "TIMEOUT":
          return text.timeout;
        default:
          return fromServer(message);
      }
    },
    [text, fromServer],
  );
}
