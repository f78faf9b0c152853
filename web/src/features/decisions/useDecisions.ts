import { useCallback, useState } from "react";
import type {
  DecisionFieldsFragment,
  DecisionKind,
  DecisionStatus,
  RecordDecisionInput,
  UpdateDecisionInput,
} from "@/gql/graphql";
import { useUndo } from "@/components/useUndo";
import { Collection, newestFirst } from "@/lib/collection";
import { cacheOf, isIn, useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { type LiveCollection, pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import {
  DecisionList,
  DeleteDecision,
  OneDecision,
  RecordDecision,
  SetDecisionStatus,
  UpdateDecision,
} from "./documents";

export const decisionStatuses: readonly DecisionStatus[] = [
  "PROPOSED",
  "ACCEPTED",
  "SUPERSEDED",
  "REJECTED",
  "WITHDRAWN",
];
export const decisionKinds: readonly DecisionKind[] = ["CHOICE", "RULE", "VALUE", "SCOPE"];

export type Decision = DecisionFieldsFragment;

export type Decisions = Omit<LiveCollection<Decision>, "rows"> & {
  decisions: readonly Decision[];
  /** A decision that has been read, with whatever status; undefined for an unknown or deleted one. */
  find: (id: string) => Decision | undefined;
  record: (input: RecordDecisionInput) => Promise<Decision>;
  update: (input: UpdateDecisionInput) => Promise<Decision>;
  setStatus: (id: string, status: DecisionStatus, reason: string) => Promise<Decision>;
  remove: (id: string) => Promise<void>;
};

/** The viewer's decisions with this status, kept up to date. */
export function useDecisions(status: DecisionStatus | null): Decisions {
  const request = useRequest();
  const undo = useUndo();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Decision>(newestFirst));
  const includes = (row: Decision) => isIn(projectId)(row) && (status === null || row.status === status);
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) =>
      pageOf((await request(DecisionList, { projectId, after, status: status ? [status] : null })).decisions),
    readOne: useCallback(async (id: string) => (await request(OneDecision, { id })).decision, [request]),
    scope: status ?? "",
    includes,
    events: { DECISION_CREATED: "read", DECISION_UPDATED: "read", DECISION_DELETED: "remove" },
    projectId,
    cache: { key: cacheOf("decisions", projectId) },
  });
  const stored = (decision: Decision) => {
    collection.upsert(decision);
    return decision;
  };
  return {
    ...list,
    decisions: rows.filter(includes),
    find: (id) => rows.find((row) => row.id === id),
    record: async (input) => stored((await request(RecordDecision, { input: { projectId, ...input } })).recordDecision),
    update: async (input) => stored((await request(UpdateDecision, { input })).updateDecision),
    setStatus: async (id, next, reason) =>
      stored((await request(SetDecisionStatus, { id, status: next, reason })).setDecisionStatus),
    remove: async (id) => {
      const title = collection.get(id)?.title ?? "";
      await request(DeleteDecision, { id });
      collection.remove(id);
      undo.deleted("Decision", id, title);
    },
  };
}
