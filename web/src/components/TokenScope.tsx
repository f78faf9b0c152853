import { Choices } from "@/components/Choices";
import { fieldLook } from "@/components/Field";
import { useText } from "@/lib/language";
import { useProjects } from "@/lib/projects";

/** What a token permits. `projectId` is null for all projects. */
export type Scope = { readOnly: boolean; projectId: string | null };

type ProjectProps = { projectId: string | null; disabled?: boolean; onChange: (projectId: string | null) => void };

/** Chooses all projects or one of them. */
export function ProjectChoice({ projectId, disabled = false, onChange }: ProjectProps) {
  const { scope: text } = useText();
  const { projects } = useProjects();
  return (
    <select
      aria-label={text.project}
      value={projectId ?? ""}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value || null)}
      className={`${fieldLook} max-w-60 min-w-0 disabled:opacity-60`}
    >
      <option value="">{text.allProjects}</option>
      {projects.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

type RightsProps = { readOnly: boolean; onChange: (readOnly: boolean) => void };

/** Chooses whether a token only reads. */
export function RightsChoice({ readOnly, onChange }: RightsProps) {
  const { scope: text } = useText();
  return (
    <Choices
      label={text.rights}
      value={readOnly ? "read" : "write"}
      onChange={(value) => onChange(value === "read")}
      choices={[
        ["write", text.readsAndWrites],
        ["read", text.readsOnly],
      ]}
    />
  );
}

type Scoped = { readOnly: boolean; oneProject: boolean; project: { id: string; name: string } | null };

/** Returns a function that describes what a token permits, in a few words. */
export function useScopeText(): (token: Scoped) => string {
  const { scope: text } = useText();
  const { find } = useProjects();
  return ({ readOnly, oneProject, project }) => {
    const name = project ? (find(project.id)?.name ?? project.name) : oneProject ? text.goneProject : text.allProjects;
    return text.both(readOnly ? text.readsOnly : text.readsAndWrites, name);
  };
}
