import { useCallback, useState } from "react";
import type { SaveSpecificationInput, SpecificationFieldsFragment, SpecificationStatus } from "@/gql/graphql";
import { useUndo } from "@/components/useUndo";
import { Collection, newestFirst } from "@/lib/collection";
import { cacheOf, isIn, useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { type LiveCollection, pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import {
  DeleteSpecification,
  OneSpecification,
  RestoreSpecification,
  SaveSpecification,
  SpecificationList,
} from "./documents";

export type Specification = SpecificationFieldsFragment;

export type Specifications = Omit<LiveCollection<Specification>, "rows"> & {
  specifications: readonly Specification[];
  save: (input: SaveSpecificationInput) => Promise<Specification>;
  /** Makes the text of an earlier revision the newest one. */
  restoreVersion: (id: string, version: number) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

/** The viewer's specifications with this status, kept up to date. */
export function useSpecifications(status: SpecificationStatus | null): Specifications {
  const request = useRequest();
  const undo = useUndo();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Specification>(newestFirst));
  const includes = (row: Specification) => isIn(projectId)(row) && (status === null || row.status === status);
  const { rows, ...list } = useLiveCollection({
    collection,
    readPage: async (after) =>
      pageOf((await request(SpecificationList, { projectId, after, status: status ? [status] : null })).specifications),
    readOne: useCallback(async (id: string) => (await request(OneSpecification, { id })).specification, [request]),
    scope: status ?? "",
    includes,
    events: { SPECIFICATION_CREATED: "read", SPECIFICATION_UPDATED: "read", SPECIFICATION_DELETED: "remove" },
    projectId,
    cache: { key: cacheOf("specifications", projectId) },
  });
  return {
    ...list,
    specifications: rows.filter(includes),
    save: async (input) => {
      const { saveSpecification } = await request(SaveSpecification, { input: { projectId, ...input } });
      collection.upsert(saveSpecification);
      return saveSpecification;
    },
    restoreVersion: async (id, version) => {
      collection.upsert((await request(RestoreSpecification, { id, version })).restoreSpecification);
    },
    remove: async (id) => {
      const title = collection.get(id)?.title ?? "";
      await request(DeleteSpecification, { id });
      collection.remove(id);
      undo.deleted("Specification", id, title);
    },
  };
}
