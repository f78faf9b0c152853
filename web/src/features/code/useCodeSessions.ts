import { useState } from "react";
import type { CodeSessionsOfIntentQuery } from "@/gql/graphql";
import { Collection, oldestFirst } from "@/lib/collection";
import { useRequest } from "@/lib/request";
import { useLiveCollection } from "@/lib/useLiveCollection";
import { CodeSessionsOfIntent } from "./documents";

export type Session = NonNullable<CodeSessionsOfIntentQuery["intent"]>["codeSessions"][number];
export type Execution = Session["executions"][number];

/** The code sessions of one intent, read again whenever the intent changes. */
export function useCodeSessions(intentId: string) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Session>(oldestFirst));
  const { rows, failure, reload } = useLiveCollection({
    collection,
    readPage: async () => ({
      rows: (await request(CodeSessionsOfIntent, { id: intentId })).intent?.codeSessions ?? [],
      next: null,
    }),
    events: {
      INTENT_UPDATED: ({ subjectId }) => {
        if (subjectId === intentId) reload();
      },
    },
  });
  return { sessions: rows, failure, retry: reload };
}
