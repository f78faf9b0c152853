import { useCallback, useState } from "react";
import type { ChoicePointFieldsFragment, CreateChoicePointInput, DecideChoicePointInput } from "@/gql/graphql";
import { Collection, newestFirst } from "@/lib/collection";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { ChoicePointList, CreateChoicePoint, DecideChoicePoint, OneChoicePoint } from "./documents";

export type ChoicePoint = ChoicePointFieldsFragment;
export type Decide = (input: DecideChoicePointInput) => Promise<void>;

export const isDecided = ({ decidedAt }: ChoicePoint) => decidedAt !== null;

/** The viewer's open or decided questions, kept up to date. */
export function useChoicePoints(decided: boolean) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<ChoicePoint>(newestFirst));
  const includes = (row: ChoicePoint) => isDecided(row) === decided;
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(ChoicePointList, { after, decided })).choicePoints),
    readOne: useCallback(
      async (id: string) => {
        const { node } = await request(OneChoicePoint, { id });
        return node?.__typename === "ChoicePoint" ? node : null;
      },
      [request],
    ),
    scope: String(decided),
    includes,
    events: { CHOICE_POINT_CREATED: "read", CHOICE_POINT_DECIDED: "read" },
    cache: { key: "choicePoints" },
  });
  return {
    ...list,
    choicePoints: rows.filter(includes),
    create: (input: CreateChoicePointInput) =>
      collection.request(async (number) =>
        collection.applyRows(number, [(await request(CreateChoicePoint, { input })).createChoicePoint]),
      ),
    decide: (input: DecideChoicePointInput) =>
      collection.request(async (number) =>
        collection.applyRows(number, [(await request(DecideChoicePoint, { input })).decideChoicePoint]),
      ),
  };
}
