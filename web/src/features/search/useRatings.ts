import { useState } from "react";
import { useAttempt } from "@/components/Toasts";
import { useUndo } from "@/components/useUndo";
import { graphql } from "@/gql";
import type { HitRating } from "@/gql/graphql";
import { useRequest } from "@/lib/request";
import type { Subject } from "@/lib/subject";
import type { FoundRecord, Reason } from "./useSearch";

const RateSearchHit = graphql(`
  mutation RateSearchHit($input: RateSearchHitInput!) {
    rateSearchHit(input: $input)
  }
`);

const ForgetMemory = graphql(`
  mutation ForgetMemory($id: ID!) {
    deleteMemory(id: $id)
  }
`);

const MARKED: Readonly<Record<HitRating, Reason>> = {
  USEFUL: "MARKED_USEFUL",
  WRONG: "MARKED_WRONG",
  OUTDATED: "MARKED_OUTDATED",
};
const marks: ReadonlySet<Reason> = new Set(Object.values(MARKED));

/** The ratings of the hits of a query; the order changes with the next search, so that nothing jumps. */
export function useRatings(query: string) {
  const request = useRequest();
  const attempt = useAttempt();
  const undo = useUndo();
  const [given, setGiven] = useState<ReadonlyMap<string, HitRating | null>>(new Map());
  const [forgotten, setForgotten] = useState<ReadonlySet<string>>(new Set());
  const keyOf = (id: string) => `${id} ${query}`;
  const ratingOf = ({ subject, rating }: FoundRecord): HitRating | null => {
    const changed = given.get(keyOf(subject.id));
    return changed === undefined ? rating : changed;
  };
  return {
    ratingOf,
    isForgotten: ({ subject }: FoundRecord) => forgotten.has(subject.id),
    /** The reasons, of which the rating is the last one. */
    reasonsOf: (hit: FoundRecord, reasons: readonly Reason[]): readonly Reason[] => {
      const rating = ratingOf(hit);
      if (rating === hit.rating) return reasons;
      const others = reasons.filter((each) => !marks.has(each));
      return rating ? [...others, MARKED[rating]] : others;
    },
    rate: (hit: FoundRecord, rating: HitRating) => {
      const { id } = hit.subject;
      const next = ratingOf(hit) === rating ? null : rating;
      void attempt(async () => {
        const { rateSearchHit } = await request(RateSearchHit, { input: { id, query, rating: next } });
        setGiven((now) => new Map(now).set(keyOf(id), rateSearchHit ?? null));
      });
    },
    forget: ({ id, name }: Subject) =>
      void attempt(async () => {
        await request(ForgetMemory, { id });
        setForgotten((now) => new Set(now).add(id));
        undo.deleted("Memory", id, name);
      }),
  };
}

export type Ratings = ReturnType<typeof useRatings>;
