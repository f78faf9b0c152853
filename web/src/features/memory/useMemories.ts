import { useCallback, useState } from "react";
import type { MemoryFieldsFragment, MemoryKind, SaveMemoryInput } from "@/gql/graphql";
import { useUndo } from "@/components/useUndo";
import { Collection, newestFirst } from "@/lib/collection";
import { cacheOf, isIn, useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { ArchiveMemory, DeleteMemory, MemoryList, OneMemory, SaveMemory, SearchMemories } from "./documents";

export type Memory = MemoryFieldsFragment;
export type MemoryFilter = { kind: MemoryKind | null; archived: boolean };
export type Memories = ReturnType<typeof useMemories>;

/** The viewer's memories that match the filter, kept up to date. */
export function useMemories({ kind, archived }: MemoryFilter) {
  const request = useRequest();
  const undo = useUndo();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Memory>(newestFirst));
  const includes = (row: Memory) =>
    isIn(projectId)(row) && (kind === null || row.kind === kind) && (archived || !row.archived);
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) =>
      pageOf((await request(MemoryList, { projectId, after, kind, includeArchived: archived })).memories),
    readOne: useCallback(
      async (id: string) => {
        const { node } = await request(OneMemory, { id });
        return node?.__typename === "Memory" ? node : null;
      },
      [request],
    ),
    scope: `${kind} ${archived}`,
    includes,
    events: { MEMORY_CREATED: "read", MEMORY_UPDATED: "read", MEMORY_DELETED: "remove" },
    projectId,
    cache: { key: cacheOf("memories", projectId) },
  });
  const search = useCallback(
    (query: string): Promise<readonly string[]> =>
      collection.request(async (number) => {
        const { search: hits } = await request(SearchMemories, { projectId, query });
        const found = hits.flatMap(({ node }) => (node.__typename === "Memory" ? [node] : []));
        collection.applyRows(number, found);
        return found.map(({ id }) => id);
      }),
    [collection, request, projectId],
  );
  const contentOf = (id: string) => collection.get(id)?.content ?? "";
  const setArchived = (id: string, archive: boolean) =>
    collection.request(async (number) =>
      collection.applyRows(number, [(await request(ArchiveMemory, { id, archived: archive })).archiveMemory]),
    );
  return {
    ...list,
    all: rows,
    memories: rows.filter(includes),
    search,
    save: (input: SaveMemoryInput) =>
      collection.request(async (number) =>
        collection.applyRows(number, [(await request(SaveMemory, { input: inProject(input, projectId) })).saveMemory]),
      ),
    archive: async (id: string, archive: boolean) => {
      await setArchived(id, archive);
      undo.changed(archive ? "archived" : "unarchived", contentOf(id), () => setArchived(id, !archive));
    },
    remove: async (id: string) => {
      const content = contentOf(id);
      await request(DeleteMemory, { id });
      collection.remove(id);
      undo.deleted("Memory", id, content);
    },
  };
}

/** A memory that is new, or no longer about the person, goes to the chosen project. */
const inProject = (input: SaveMemoryInput, projectId: string | null): SaveMemoryInput =>
  input.profile === true || (input.id != null && input.profile == null) ? input : { projectId, ...input };
