import { useCallback, useState } from "react";
import type { ChoicePointFieldsFragment, CreateChoicePointInput, DecideChoicePointInput } from "@/gql/graphql";
import { Collection, newestFirst, useCollection } from "@/lib/collection";
import { usePages } from "@/lib/usePages";
import { useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { ChoicePointList, CreateChoicePoint, DecideChoicePoint, OneChoicePoint } from "./documents";

export type ChoicePoint = ChoicePointFieldsFragment;

export const isDecided = ({ decidedAt }: ChoicePoint) => decidedAt !== null;

/** What is to be decided or was decided, live. */
export function useChoicePoints(decided: boolean) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<ChoicePoint>(newestFirst));
  const choicePoints = useCollection(collection);
  useOfflineCache(collection, "choicePoints");
  const pages = usePages(collection, {
    read: async (after) => (await request(ChoicePointList, { after, decided })).choicePoints,
    lists: (row) => isDecided(row) === decided,
    scope: String(decided),
  });
  const show = useCallback(
    (id: string): Promise<ChoicePoint | null> =>
      collection.ask(async (asked) => {
        const { node } = await request(OneChoicePoint, { id });
        if (node?.__typename !== "ChoicePoint") return null;
        collection.take(asked, [node]);
        return node;
      }),
    [collection, request],
  );
  useEvents({
    kinds: ["CHOICE_POINT_CREATED", "CHOICE_POINT_DECIDED"],
    onEvent: ({ subjectId }) => void show(subjectId).catch(pages.reload),
    load: pages.reload,
  });
  return {
    ...pages,
    choicePoints: choicePoints.filter((row) => isDecided(row) === decided),
    /** Reads one, wherever it stands; resolves to null where there is none. */
    show,
    create: (input: CreateChoicePointInput) =>
      collection.ask(async (asked) =>
        collection.take(asked, [(await request(CreateChoicePoint, { input })).createChoicePoint]),
      ),
    decide: (input: DecideChoicePointInput) =>
      collection.ask(async (asked) =>
        collection.take(asked, [(await request(DecideChoicePoint, { input })).decideChoicePoint]),
      ),
  };
}

export type Decide = (input: DecideChoicePointInput) => Promise<void>;
