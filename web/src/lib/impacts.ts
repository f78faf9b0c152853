import { useState } from "react";
import { graphql } from "@/gql";
import type { EventKind } from "@/gql/graphql";
import { Collection } from "@/lib/collection";
import type { ServerText } from "@/lib/messages";
import { useRequest } from "@/lib/request";
import { type Subject, subjectOf } from "@/lib/subject";
import { useLiveCollection } from "@/lib/useLiveCollection";

const ReversalPreview = graphql(`
  query ReversalPreview($id: ID!) {
    previewReversalNotice(decisionId: $id) {
      text
      key
      params
    }
    previewReversal(decisionId: $id) {
      reason
      key
      params
      node {
        ... on Node {
          ...SubjectFields
        }
      }
    }
  }
`);

/** A record that depends on a decision. `place` is its position in the list, nearest first. */
export type Impact = { id: string; place: number; subject: Subject; reason: ServerText };

const MADE: readonly EventKind[] = [
  "INTENT_CREATED",
  "INTENT_UPDATED",
  "INTENT_DELETED",
  "SPECIFICATION_CREATED",
  "SPECIFICATION_DELETED",
  "MEMORY_CREATED",
  "MEMORY_UPDATED",
  "MEMORY_DELETED",
  "MESSAGE_UPDATED",
  "MESSAGE_DELETED",
  "DECISION_CREATED",
  "DECISION_UPDATED",
  "DECISION_DELETED",
];
const LONGEST_NAME = 80;

/** What depends on a decision, kept up to date. */
export function useImpacts(decisionId: string) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Impact>((a, b) => a.place - b.place));
  const [notice, setNotice] = useState<ServerText | null>(null);
  const { rows, reload, ...list } = useLiveCollection({
    collection,
    scope: decisionId,
    readPage: async () => {
      const { previewReversal, previewReversalNotice } = await request(ReversalPreview, { id: decisionId });
      setNotice(previewReversalNotice);
      const rows = previewReversal.flatMap(({ node, reason, key, params }, place) => {
        const subject = subjectOf(node);
        return subject ? [{ id: subject.id, place, subject, reason: { text: reason, key, params } }] : [];
      });
      return { rows, next: null };
    },
    events: Object.fromEntries(MADE.map((kind) => [kind, () => reload()])) as Partial<Record<EventKind, () => void>>,
  });
  return { ...list, reload, impacts: rows, notice };
}

/** The name as one short line. */
export function shortName(name: string): string {
  const line = name.replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= LONGEST_NAME ? line : `${characters.slice(0, LONGEST_NAME - 1).join("")}…`;
}
