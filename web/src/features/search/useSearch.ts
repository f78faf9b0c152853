import { useEffect, useState } from "react";
import type { HitFieldsFragment, HitRating, SearchKind } from "@/gql/graphql";
import { plainText } from "@/lib/plainText";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { type Subject, subjectOf } from "@/lib/subject";
import { SearchEverything } from "./documents";

const PAUSE_MS = 140;

export type Reason =
  "WORDS" | "MEANING" | "TIME" | "NEIGHBOUR" | "LANGUAGE" | "MARKED_USEFUL" | "MARKED_WRONG" | "MARKED_OUTDATED";

/** A record that was found; `until` is when a decision stopped being in force, `rating` the viewer's for the query. */
export type FoundRecord = {
  subject: Subject;
  snippet: string;
  at: string;
  until: string | null;
  rating: HitRating | null;
};

/** `also` are records that say the same, such as the decision made from a message. */
export type Hit = FoundRecord & { reasons: readonly Reason[]; also: readonly FoundRecord[] };
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
          const hits = search.flatMap((hit) =>
            recordOf(hit).map((record) => ({
              ...record,
              reasons: hit.reasons as Reason[],
              also: hit.also.flatMap(recordOf),
            })),
          );
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

function recordOf({ node, snippet, occurredAt, rating }: HitFieldsFragment): FoundRecord[] {
  const subject = subjectOf(node);
  const until = node.__typename === "Decision" ? node.validUntil : null;
  return subject
    ? [{ subject, snippet: plainText(snippet), at: occurredAt, until: until ?? null, rating: rating ?? null }]
    : [];
}
