import { useState } from "react";
import { RestoreRecord } from "@/components/useUndo";
import type { TrashQuery } from "@/gql/graphql";
import { Collection } from "@/lib/collection";
import type { AppendedEvent } from "@/lib/feed";
import { useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { useLiveCollection } from "@/lib/useLiveCollection";
import { Trash } from "./documents";

export type Deleted = { id: string } & TrashQuery["trash"]["edges"][number];

const lastDeletedFirst = (a: Deleted, b: Deleted) =>
  a.deletedAt === b.deletedAt ? (a.id < b.id ? 1 : -1) : a.deletedAt < b.deletedAt ? 1 : -1;

/** What the viewer deleted and can still restore, kept up to date. */
export function useTrash() {
  const request = useRequest();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Deleted>(lastDeletedFirst));
  const restored = ({ subjectId }: AppendedEvent) => collection.remove(subjectId);
  const { rows, reload, ...list } = useLiveCollection({
    collection,
    readPage: async (after) => {
      const { edges, pageInfo } = (await request(Trash, { projectId, after })).trash;
      const read = edges.map((edge) => ({ ...edge, id: edge.node.id }));
      return { rows: read, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null };
    },
    projectId,
    precedes: (row, last) => row.deletedAt >= last.deletedAt,
    events: {
      CONVERSATION_DELETED: () => reload(),
      MESSAGE_DELETED: () => reload(),
      INTENT_DELETED: () => reload(),
      SPECIFICATION_DELETED: () => reload(),
      DECISION_DELETED: () => reload(),
      MEMORY_DELETED: () => reload(),
      PROJECT_DELETED: () => reload(),
      CONVERSATION_CREATED: restored,
      MESSAGE_CREATED: restored,
      INTENT_CREATED: restored,
      SPECIFICATION_CREATED: restored,
      DECISION_CREATED: restored,
      MEMORY_CREATED: restored,
      PROJECT_CREATED: restored,
    },
  });
  return {
    ...list,
    reload,
    deleted: rows,
    restore: async (id: string) => {
      await request(RestoreRecord, { id });
      collection.remove(id);
    },
  };
}
