import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useState } from "react";
import { useUndo } from "@/components/useUndo";
import type { ProjectFieldsFragment, SaveProjectInput } from "@/gql/graphql";
import { Collection, oldestFirst } from "@/lib/collection";
import { useText } from "@/lib/language";
import { ProjectsContext, hueAt } from "@/lib/projects";
import { type RequestFailure, useRequest } from "@/lib/request";
import { navigate, parseRoute, useRoute } from "@/lib/route";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { ArchiveProject, DeleteProject, OneProject, ProjectList, SaveProject } from "./documents";

export type Project = ProjectFieldsFragment & { hue: number };

type List = {
  /** All projects, also archived ones; the default one is the first. */
  all: readonly Project[];
  /** The project of the address: null for all projects, undefined while it is not known. */
  current: Project | null | undefined;
  /** No project has the slug of the address. */
  unknown: boolean;
  failure: RequestFailure | null;
  reload: () => void;
  isDefault: (project: Pick<Project, "id">) => boolean;
  save: (input: SaveProjectInput) => Promise<ProjectFieldsFragment>;
  archive: (project: Project, archived: boolean) => Promise<void>;
  remove: (project: Project) => Promise<void>;
};

/** The name that the server gives to the default project, until the reader names it. */
const FIRST_NAME = "General";

const ListContext = createContext<List | null>(null);

/** Loads the viewer's projects, keeps them up to date, and tells all pages which one is chosen. */
export function ProjectsProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const undo = useUndo();
  const { projects: text } = useText();
  const slug = useRoute().project ?? null;
  const [collection] = useState(() => new Collection<ProjectFieldsFragment>(oldestFirst));
  const [defaultId, setDefaultId] = useState<string | null>(null);
  const { rows, loading, failure, hasMore, loadingMore, loadMore, reload } = useLiveCollection({
    collection,
    readPage: async (after) => {
      const { viewer, projects } = await request(ProjectList, { after });
      setDefaultId(viewer.defaultProject.id);
      return pageOf(projects);
    },
    readOne: useCallback(async (id: string) => (await request(OneProject, { id })).project, [request]),
    precedes: (row, last) => row.id <= last.id,
    events: { PROJECT_CREATED: "read", PROJECT_UPDATED: "read", PROJECT_DELETED: "remove" },
    cache: { key: "projects", oldestFirst: true },
  });
  useEffect(() => {
    // The switcher filters all of them.
    if (hasMore && !loadingMore && !failure) loadMore();
  }, [hasMore, loadingMore, failure, loadMore]);

  const all = useMemo(
    () =>
      [...rows]
        .sort((a, b) => Number(b.id === defaultId) - Number(a.id === defaultId))
        .map((each, place) => ({
          ...each,
          name: each.id === defaultId && each.name === FIRST_NAME ? text.general : each.name,
          hue: hueAt(place),
        })),
    [rows, defaultId, text],
  );
  const found = useFollowed(all, slug);
  const setArchived = async (id: string, archived: boolean) =>
    collection.upsert((await request(ArchiveProject, { id, archived })).archiveProject);
  const list: List = {
    all,
    current: found,
    unknown: found === undefined && !loading && !hasMore && !failure,
    failure,
    reload,
    isDefault: ({ id }) => id === defaultId,
    save: async (input) => {
      const { saveProject } = await request(SaveProject, { input });
      collection.upsert(saveProject);
      return saveProject;
    },
    archive: async (project, archived) => {
      await setArchived(project.id, archived);
      undo.changed(archived ? "archived" : "unarchived", project.name, () => setArchived(project.id, !archived));
    },
    remove: async ({ id, name }) => {
      await request(DeleteProject, { id });
      collection.remove(id);
      undo.deleted("Project", id, name);
    },
  };
  const names = useMemo(
    () => ({
      projects: all.filter(({ archived }) => !archived),
      chosen: found ?? null,
      find: (id: string) => all.find((each) => each.id === id),
    }),
    [all, found],
  );
  return (
    <ListContext value={list}>
      <ProjectsContext value={names}>{children}</ProjectsContext>
    </ListContext>
  );
}

/** The project with this slug: null without one, undefined for an unknown one. A new slug replaces it in the address. */
function useFollowed(all: readonly Project[], slug: string | null): Project | null | undefined {
  const [last, setLast] = useState<{ slug: string; id: string } | null>(null);
  const found = slug === null ? null : all.find((each) => each.slug === slug);
  if (found && (last?.slug !== found.slug || last.id !== found.id)) setLast({ slug: found.slug, id: found.id });
  const renamed = found === undefined && last?.slug === slug ? all.find(({ id }) => id === last.id) : undefined;
  useEffect(() => {
    if (renamed)
      navigate({ ...parseRoute(location.pathname + location.hash), project: renamed.slug }, { replace: true });
  }, [renamed]);
  return found ?? renamed ?? (slug === null ? null : undefined);
}

export function useProjectList(): List {
  const value = use(ListContext);
  if (!value) throw new Error("useProjectList needs a ProjectsProvider above it");
  return value;
}
