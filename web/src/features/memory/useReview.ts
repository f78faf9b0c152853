import { useCallback, useState } from "react";
import type { SaveMemoryInput } from "@/gql/graphql";
import { useUndo } from "@/components/useUndo";
import { Collection, newestFirst } from "@/lib/collection";
import { eventFeed, useFeed } from "@/lib/feed";
import { isIn, useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { DeleteMemory, KeepMemories, MemoriesToReview, SaveMemory } from "./documents";
import type { Memory } from "./useMemories";

export type Review = ReturnType<typeof useReview>;

/** The viewer's memories that wait for a review, kept up to date. */
export function useReview() {
  const request = useRequest();
  const undo = useUndo();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Memory>(newestFirst));
  const includes = (row: Memory) => isIn(projectId)(row) && row.reviewedAt == null;
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(MemoriesToReview, { projectId, after })).memories),
    scope: projectId ?? "",
    includes,
  });
  // Whose memory an event is about is not in the row, so the list is read again.
  useFeed(eventFeed(["MEMORY_CREATED", "MEMORY_UPDATED", "MEMORY_DELETED"], list.reload, projectId), list.reload);
  const setKept = useCallback(
    (id: string, kept: boolean) =>
      collection.request(async (number) =>
        collection.applyRows(number, (await request(KeepMemories, { ids: [id], kept })).keepMemories),
      ),
    [collection, request],
  );
  return {
    ...list,
    waiting: rows.filter(includes),
    keep: async ({ id, content }: Memory) => {
      await setKept(id, true);
      undo.changed("kept", content, () => setKept(id, false));
    },
    save: (input: SaveMemoryInput) =>
      collection.request(async (number) =>
        collection.applyRows(number, [(await request(SaveMemory, { input })).saveMemory]),
      ),
    forget: async ({ id, content }: Memory) => {
      await request(DeleteMemory, { id });
      collection.remove(id);
      undo.deleted("Memory", id, content);
    },
  };
}
