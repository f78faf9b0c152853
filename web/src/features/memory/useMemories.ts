import { useCallback, useState } from "react";
import type { MemoryFieldsFragment, MemoryKind, SaveMemoryInput } from "@/gql/graphql";
import { Collection, newestFirst, useCollection } from "@/lib/collection";
import { usePages } from "@/lib/usePages";
import { useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { ArchiveMemory, DeleteMemory, MemoryList, OneMemory, SaveMemory, SearchMemories } from "./documents";

export type Memory = MemoryFieldsFragment;
export type MemoryFilter = { kind: MemoryKind | null; archived: boolean };

/** What is remembered, live. */
export function useMemories({ kind, archived }: MemoryFilter) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Memory>(newestFirst));
  const memories = useCollection(collection);
  useOfflineCache(collection, "memories");
  const fits = (row: Memory) => (kind === null || row.kind === kind) && (archived || !row.archived);
  const pages = usePages(collection, {
    read: async (after) => (await request(MemoryList, { after, kind, includeArchived: archived })).memories,
    lists: fits,
    scope: `${kind} ${archived}`,
  });
  const show = useCallback(
    (id: string): Promise<Memory | null> =>
      collection.ask(async (asked) => {
        const { node } = await request(OneMemory, { id });
        if (node?.__typename !== "Memory") return null;
        collection.take(asked, [node]);
        return node;
      }),
    [collection, request],
  );
  useEvents({
    kinds: ["MEMORY_CREATED", "MEMORY_UPDATED", "MEMORY_DELETED"],
    onEvent: ({ kind: what, subjectId }) => {
      if (what === "MEMORY_DELETED") collection.remove(subjectId);
      else show(subjectId).catch(pages.reload);
    },
    load: pages.reload,
  });
  const search = useCallback(
    (query: string): Promise<readonly string[]> =>
      collection.ask(async (asked) => {
        const { search: hits } = await request(SearchMemories, { query });
        const found = hits.flatMap(({ node }) => (node.__typename === "Memory" ? [node] : []));
        collection.take(asked, found);
        return found.map(({ id }) => id);
      }),
    [collection, request],
  );
  return {
    ...pages,
    all: memories,
    memories: memories.filter(fits),
    show,
    search,
    save: (input: SaveMemoryInput) =>
      collection.ask(async (asked) => collection.take(asked, [(await request(SaveMemory, { input })).saveMemory])),
    archive: (id: string, put: boolean) =>
      collection.ask(async (asked) =>
        collection.take(asked, [(await request(ArchiveMemory, { id, archived: put })).archiveMemory]),
      ),
    remove: async (id: string) => {
      await request(DeleteMemory, { id });
      collection.remove(id);
    },
  };
}

export type Memories = ReturnType<typeof useMemories>;
