import { useCallback, useState } from "react";
import type { SaveSpecificationInput, SpecificationFieldsFragment, SpecificationStatus } from "@/gql/graphql";
import { Collection, newestFirst, useCollection } from "@/lib/collection";
import { type Pages, usePages } from "@/lib/usePages";
import { toFailure, useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { DeleteSpecification, OneSpecification, SaveSpecification, SpecificationList } from "./documents";

export type Specification = SpecificationFieldsFragment;

export type Specifications = Pages & {
  specifications: readonly Specification[];
  /** Reads one, however old; resolves to null where there is none. */
  ensureLoaded: (id: string) => Promise<Specification | null>;
  save: (input: SaveSpecificationInput) => Promise<Specification>;
  remove: (id: string) => Promise<void>;
};

/** The reader's specifications, live. */
export function useSpecifications(status: SpecificationStatus | null): Specifications {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Specification>(newestFirst));
  const specifications = useCollection(collection);
  useOfflineCache(collection, "specifications");
  const pages = usePages(collection, {
    read: async (after) =>
      (await request(SpecificationList, { after, status: status ? [status] : null })).specifications,
    lists: (row) => status === null || row.status === status,
    scope: status ?? "",
  });
  const ensureLoaded = useCallback(
    async (id: string) => {
      try {
        return await collection.ask(async (asked) => {
          const { specification } = await request(OneSpecification, { id });
          if (specification) collection.take(asked, [specification]);
          return specification ?? null;
        });
      } catch (error) {
        if (toFailure(error).code === "NOT_FOUND") return null;
        throw error;
      }
    },
    [collection, request],
  );
  useEvents({
    kinds: ["SPECIFICATION_CREATED", "SPECIFICATION_UPDATED", "SPECIFICATION_DELETED"],
    onEvent: ({ kind, subjectId }) => {
      if (kind === "SPECIFICATION_DELETED") collection.remove(subjectId);
      // The list says what cannot be read; an event that could not be followed is read with the next one.
      else ensureLoaded(subjectId).catch(pages.reload);
    },
    load: pages.reload,
  });
  return {
    ...pages,
    specifications: specifications.filter((row) => status === null || row.status === status),
    ensureLoaded,
    save: async (input) => {
      const { saveSpecification } = await request(SaveSpecification, { input });
      collection.upsert(saveSpecification);
      return saveSpecification;
    },
    remove: async (id) => {
      await request(DeleteSpecification, { id });
      collection.remove(id);
    },
  };
}
