import { useCallback, useMemo } from "react";
import { useOfferUndo } from "@/components/Toasts";
import { graphql } from "@/gql";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import type { DeletableKind } from "@/lib/subject";

export const RestoreRecord = graphql(`
  mutation RestoreRecord($id: ID!) {
    restore(id: $id) {
      __typename
      id
    }
  }
`);

/** Changes that a toast offers to take back; `done` is the name of the change in the texts. */
export type Change = "kept" | "archived" | "unarchived" | "cancelled" | "completed" | "notStarted";

/** Offers to undo what was just done. Several changes of one kind at once share a toast. */
export function useUndo() {
  const { trash: text } = useText();
  const request = useRequest();
  const offer = useOfferUndo();
  const deleted = useCallback(
    (kind: DeletableKind, id: string, name: string) =>
      offer({
        group: `deleted ${kind}`,
        title: text.deleted[kind],
        body: name,
        run: () => request(RestoreRecord, { id }),
      }),
    [offer, request, text],
  );
  const changed = useCallback(
    (change: Change, name: string, undo: () => Promise<unknown>) =>
      offer({ group: change, title: text.changed[change], body: name, run: undo }),
    [offer, text],
  );
  return useMemo(() => ({ deleted, changed }), [deleted, changed]);
}
