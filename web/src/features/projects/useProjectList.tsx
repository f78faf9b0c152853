import {
  type ReactNode,
  type RefObject,
  createContext,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from "react";
import { useUndo } from "@/components/useUndo";
import { useToast } from "@/components/Toasts";
import type { AccessKind, ProjectFieldsFragment, SaveProjectInput } from "@/gql/graphql";
import { Collection, oldestFirst } from "@/lib/collection";
import { useText } from "@/lib/language";
import { PeopleContext, type Person } from "@/lib/people";
import { ProjectsContext, hueAt } from "@/lib/projects";
import { type RequestFailure, useRequest } from "@/lib/request";
import { navigate, parseRoute, toPage, useRoute } from "@/lib/route";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { ArchiveProject, DeleteProject, OneProject, ProjectList, SaveProject } from "./documents";
import { clearOfflineCache, setCacheOwner } from "@/lib/offlineCache";

export type Project = ProjectFieldsFragment & { hue: number };

export type Member = Project["members"][number];

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
  /** Shows the state that the server returned for a change of members. */
  show: (project: ProjectFieldsFragment) => void;
  /** The viewer left the project. */
  forget: (project: Project) => void;
  /** How the viewer is known to the server; null while it is not known. */
  access: AccessKind | null;
  /** How often a project disappeared. */
  losses: number;
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
  const [viewer, setViewer] = useState<{ id: string; access: AccessKind } | null>(null);
  const left = useRef(new Set<string>());
  const [losses, setLosses] = useState(0);
  const lose = (id: string) => {
    collection.remove(id);
    // Nothing of the project may stay in this browser. Its lists are gone by the time that rows are cached again.
    void clearOfflineCache().then(() => viewer && setCacheOwner(viewer.id));
    setLosses((count) => count + 1);
  };
  const { rows, loading, failure, hasMore, loadingMore, loadMore, reload } = useLiveCollection({
    collection,
    readPage: async (after) => {
      const { viewer, projects } = await request(ProjectList, { after });
      setDefaultId(viewer.defaultProject.id);
      setViewer(viewer);
      return pageOf(projects);
    },
    readOne: useCallback(
      async (id: string) => {
        const { project } = await request(OneProject, { id });
        if (!collection.get(id)) left.current.delete(id);
        return project;
      },
      [request, collection],
    ),
    precedes: (row, last) => row.id <= last.id,
    events: { PROJECT_CREATED: "read", PROJECT_UPDATED: "read", PROJECT_DELETED: ({ subjectId }) => lose(subjectId) },
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
  useGone(all, found, loading, left);
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
      left.current.add(id);
      try {
        await request(DeleteProject, { id });
      } catch (error) {
        left.current.delete(id);
        throw error;
      }
      collection.remove(id);
      undo.deleted("Project", id, name);
    },
    show: (project) => {
      left.current.delete(project.id);
      collection.upsert(project);
    },
    forget: ({ id }) => {
      left.current.add(id);
      collection.remove(id);
    },
    access: viewer?.access ?? null,
    losses,
  };
  const names = useMemo(
    () => ({
      projects: all.filter(({ archived }) => !archived),
      chosen: found ?? null,
      find: (id: string) => all.find((each) => each.id === id),
    }),
    [all, found],
  );
  const people = useMemo(() => peopleOf(all, viewer?.id ?? null), [all, viewer]);
  return (
    <ListContext value={list}>
      <PeopleContext value={people}>
        <ProjectsContext value={names}>{children}</ProjectsContext>
      </PeopleContext>
    </ListContext>
  );
}

/** All members of the projects, by the ids of the users. */
function peopleOf(projects: readonly Project[], viewerId: string | null) {
  const known = new Map<string, Person>();
  for (const { members, formerMembers } of projects)
    for (const each of [...formerMembers, ...members]) known.set(each.userId, each);
  const hasOthers = viewerId !== null && [...known.keys()].some((id) => id !== viewerId);
  return { viewerId, find: (id: string) => known.get(id), hasOthers };
}

/** Goes to the default project, and says so, when the open project disappears without the reader's doing. */
function useGone(
  all: readonly Project[],
  found: Project | null | undefined,
  loading: boolean,
  left: RefObject<ReadonlySet<string>>,
) {
  const { members: text } = useText();
  const showToast = useToast();
  const [last, setLast] = useState<Project | null>(null);
  if (found && found !== last) setLast(found);
  if (found === null && last !== null) setLast(null);
  const gone = found === undefined && !loading ? last : null;
  const own = all.filter(({ archived }) => !archived).length > 1 ? all[0]?.slug : null;
  const leave = useEffectEvent(({ id, name }: Project) => {
    if (!left.current.has(id)) showToast({ title: text.gone(name), body: text.goneHint, tone: "warning", stays: true });
    navigate({ ...toPage("project"), project: own ?? null }, { replace: true });
  });
  useEffect(() => {
    if (gone) leave(gone);
  }, [gone]);
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
