import { useEffect, useState } from "react";
import type { SearchKind } from "@/gql/graphql";
import { plainText } from "@/lib/plainText";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { type Subject, subjectOf } from "@/lib/subject";
import { SearchEverything } from "./documents";

const PAUSE_MS = 140;

export type Hit = { subject: Subject; snippet: string; at: string };
type Found = { query: string; kind: SearchKind | null; projectId: string | null; hits: readonly Hit[] };

/** Search results by text and meaning, requested shortly after the last key; responses to older queries are ignored. */
export function useSearch(query: string, kind: SearchKind | null, projectId: string | null) {
  const request = useRequest();
  const [found, setFound] = useState<Found>({ query: "", kind: null, projectId, hits: [] });
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  useEffect(() => {
    if (query === "") return;
    let current = true;
    const timer = setTimeout(() => {
      request(SearchEverything, { projectId, query, kinds: kind ? [kind] : null }).then(
        ({ search }) => {
          if (!current) return;
          const hits = search.flatMap(({ node, snippet, occurredAt }) => {
            const subject = subjectOf(node);
            return subject ? [{ subject, snippet: plainText(snippet), at: occurredAt }] : [];
          });
          setFound({ query, kind, projectId, hits });
          setFailure(null);
        },
        (error: unknown) => current && setFailure(toFailure(error)),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [request, query, kind, projectId]);
  const answered = found.query === query && found.kind === kind && found.projectId === projectId;
  return { hits: query === "" ? [] : found.hits, asking: query !== "" && !answered && !failure, failure };
}
