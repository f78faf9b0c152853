import { useEffect, useMemo, useState } from "react";
import type { CodeSessionsOfIntentQuery } from "@/gql/graphql";
import { coalesced } from "@/lib/coalesced";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { CodeSessionsOfIntent } from "./documents";

export type Session = NonNullable<CodeSessionsOfIntentQuery["intent"]>["codeSessions"][number];
export type Execution = Session["executions"][number];

/** The runs of code of one intent, read again whenever one of them has gone a step further. */
export function useCodeSessions(intentId: string) {
  const request = useRequest();
  const [sessions, setSessions] = useState<readonly Session[]>([]);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  // Tools may be called faster than answers come.
  const load = useMemo(
    () =>
      coalesced(() =>
        request(CodeSessionsOfIntent, { id: intentId }).then(
          ({ intent }) => {
            setSessions(intent?.codeSessions ?? []);
            setFailure(null);
          },
          (error: unknown) => setFailure(toFailure(error)),
        ),
      ),
    [request, intentId],
  );
  useEffect(load, [load]);
  useEvents({
    kinds: ["INTENT_UPDATED"],
    onEvent: ({ subjectId }) => {
      if (subjectId === intentId) load();
    },
    load: () => undefined,
  });
  return { sessions, failure, retry: load };
}
