import { createContext, use, useCallback, useEffect } from "react";
import type { ProjectRole } from "@/gql/graphql";
import type { Person } from "@/lib/people";
import { navigate, parseRoute, useChosenSlug } from "@/lib/route";

/** What lists, rows and forms need of a project. */
export type ProjectName = {
  id: string;
  name: string;
  slug: string;
  archived: boolean;
  hue: number;
  /** The viewer's role; absent means that they may write. */
  role?: ProjectRole;
  members?: readonly Person[];
};

type Projects = {
  /** The projects that are not archived, the default one first. */
  projects: readonly ProjectName[];
  /** The project of the address; null for all projects. */
  chosen: ProjectName | null;
  /** A project by its id, also an archived one. */
  find: (id: string) => ProjectName | undefined;
};

const none: Projects = { projects: [], chosen: null, find: () => undefined };

export const ProjectsContext = createContext<Projects>(none);

export const useProjects = () => use(ProjectsContext);

/** The id of the chosen project; null for all projects. The pages are mounted anew when it changes. */
export function useProjectId(): string | null {
  return use(ProjectsContext).chosen?.id ?? null;
}

/** Whether the reader has to know projects: there are several, or the address names one. */
export function useHasProjects(): boolean {
  const { projects } = use(ProjectsContext);
  return useChosenSlug() !== null || projects.length > 1;
}

/** The name of a project where the reader has to know it: there are several, and it is not the chosen one. */
export function useProjectLabel(): (project: { id: string }) => string | undefined {
  const { projects, chosen, find } = use(ProjectsContext);
  return ({ id }) => (projects.length < 2 || chosen?.id === id ? undefined : find(id)?.name);
}

/** Goes to the project of the open record, when the address names another one: from an old link, or after it moved. */
export function useFollowProject(project: { id: string } | null | undefined) {
  const { chosen, find } = use(ProjectsContext);
  const to = project && chosen && chosen.id !== project.id ? find(project.id)?.slug : undefined;
  useEffect(() => {
    if (to === undefined) return;
    navigate({ ...parseRoute(location.pathname + location.hash), project: to }, { replace: true });
  }, [to]);
}

/**
 * Returns a function that tells whether the viewer may write to the project of a record. Without a record: to the chosen
 * project, or to one of all projects.
 */
export function useCanWrite(): (record?: InProject | null) => boolean {
  const { projects, chosen, find } = use(ProjectsContext);
  return useCallback(
    (record) => {
      if (record && record.project == null) return true; // about the person
      const project = record?.project ? find(record.project.id) : chosen;
      if (project) return project.role !== "READER";
      if (record) return true;
      return projects.length === 0 || projects.some(({ role }) => role !== "READER");
    },
    [projects, chosen, find],
  );
}

type InProject = { project?: { id: string } | null | undefined };

/** Whether a row belongs to the project with this id; every row does when all projects are shown. */
export const isIn = (projectId: string | null) => (row: InProject) =>
  projectId === null || row.project == null || row.project.id === projectId;

/** The name of an offline cache of the rows of one project, or of all projects. */
export const cacheOf = (name: string, projectId: string | null) =>
  projectId === null ? name : `${name} of ${projectId}`;

const GOLDEN_ANGLE = 137.5;
const FIRST_HUE = 255;

/** The hue of the colour of the project at this place of the list, in degrees; far from those of its neighbours. */
export const hueAt = (place: number) => Math.round(FIRST_HUE + place * GOLDEN_ANGLE) % 360;
