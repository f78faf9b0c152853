import { useCallback } from "react";
import { useLanguage } from "@/lib/language";
import type { RequestFailure } from "@/lib/request";

// The sentences of the server about members say more than those by code.
const MEMBERS = /^(project\.(read|admin)_only|member\.|invitation\.)|\.not_author$/;

/** Returns a function that describes a failure in the reader's language. */
export function useFailureText(): (failure: RequestFailure) => string {
  const { text, translate } = useLanguage();
  const { failure: byCode } = text;
  return useCallback(
    ({ code, message, key, params }) => {
      switch (code) {
        case "NETWORK":
          return byCode.network;
        case "INTERNAL":
          return byCode.internal;
        case "UNAUTHENTICATED":
          return byCode.unauthenticated;
        case "FORBIDDEN":
          return key && MEMBERS.test(key) ? translate({ text: message, key, params }) : byCode.forbidden;
        case "NOT_FOUND":
          return key && MEMBERS.test(key) ? translate({ text: message, key, params }) : byCode.notFound;
        case "RATE_LIMITED":
          return byCode.rateLimited;
        case "UNAVAILABLE":
          // Other services, such as the model or the file store, have sentences of their own.
          return key && key !== "database.unavailable" ? translate({ text: message, key, params }) : byCode.unavailable;
        case "TIMEOUT":
          return byCode.timeout;
        default:
          return translate({ text: message, key, params });
      }
    },
    [byCode, translate],
  );
}
