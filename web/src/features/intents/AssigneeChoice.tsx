import { Choices } from "@/components/Choices";
import { SelectInput } from "@/components/Field";
import type { IntentAssignee } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { usePeople } from "@/lib/people";
import { useProjects } from "@/lib/projects";

export type Assigned = { assignee: IntentAssignee; assigneeId?: string };

type ChoiceProps = {
  label: string;
  /** The project of the intent, whose members can be chosen. */
  projectId: string | undefined;
  assignee: IntentAssignee;
  assigneeId?: string | null | undefined;
  onChange: (assigned: Assigned) => void;
};

const ASSISTANT = "ASSISTANT";

/** Chooses who does the work: the assistant or the reader, and where others are members, one of them. */
export function AssigneeChoice({ label, projectId, assignee, assigneeId, onChange }: ChoiceProps) {
  const { intents: text, members: words } = useText();
  const { viewerId } = usePeople();
  const members = useProjects().find(projectId ?? "")?.members ?? [];
  if (members.length < 2) {
    return (
      <Choices
        label={label}
        value={assignee}
        onChange={(next) => onChange({ assignee: next })}
        choices={[
          ["PERSON", text.assignees.PERSON],
          [ASSISTANT, text.assignees.ASSISTANT],
        ]}
      />
    );
  }
  const person = assigneeId ?? viewerId ?? "";
  const known = members.some(({ userId }) => userId === person);
  return (
    <SelectInput
      label={label}
      value={assignee === ASSISTANT ? ASSISTANT : person}
      onChange={(next) =>
        onChange(next === ASSISTANT ? { assignee: ASSISTANT } : { assignee: "PERSON", assigneeId: next })
      }
    >
      <option value={ASSISTANT}>{text.assignees.ASSISTANT}</option>
      {members.map(({ userId, displayName }) => (
        <option key={userId} value={userId}>
          {userId === viewerId ? `${displayName} (${words.you})` : displayName}
        </option>
      ))}
      {!known && assignee === "PERSON" && <option value={person}>{words.former}</option>}
    </SelectInput>
  );
}
