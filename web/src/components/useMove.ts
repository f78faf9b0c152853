import { useCallback } from "react";
import { useOfferUndo } from "@/components/Toasts";
import { graphql } from "@/gql";
import { useText } from "@/lib/language";
import { type ProjectName, useProjects } from "@/lib/projects";
import { useRequest } from "@/lib/request";

const MoveToProject = graphql(`
  mutation MoveToProject($ids: [ID!]!, $projectId: ID!) {
    moveToProject(ids: $ids, projectId: $projectId)
  }
`);

/** A record that can be moved; one without a project is about the person and belongs to all. */
export type Movable = { id: string; project?: { id: string } | null | undefined };

/** The projects that at least one of the records can be moved to. */
export function useTargets(records: readonly Movable[]): readonly ProjectName[] {
  const { projects } = useProjects();
  const movable = records.filter(({ project }) => project != null);
  return projects.filter(({ id, role }) => role !== "READER" && movable.some(({ project }) => project?.id !== id));
}

/** Returns a function that moves records to a project, and offers to move them back. */
export function useMove() {
  const { projects: text } = useText();
  const request = useRequest();
  const offer = useOfferUndo();
  return useCallback(
    async (records: readonly Movable[], name: string, { id: projectId, name: target }: ProjectName) => {
      const before = new Map<string, string[]>();
      for (const { id, project } of records) {
        if (project != null && project.id !== projectId)
          before.set(project.id, [...(before.get(project.id) ?? []), id]);
      }
      const ids = [...before.values()].flat();
      await request(MoveToProject, { ids, projectId });
      offer({
        group: `moved ${crypto.randomUUID()}`,
        title: () => text.moved(ids.length, target),
        body: name,
        run: async () => {
          for (const [origin, moved] of before) await request(MoveToProject, { ids: moved, projectId: origin });
        },
      });
    },
    [offer, request, text],
  );
}
