import { useState } from "react";
import { Button, IconButton } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { SelectInput } from "@/components/Field";
import { PersonMark } from "@/components/PersonMark";
import { useAttempt, useToast } from "@/components/Toasts";
import type { ProjectRole } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { usePeople } from "@/lib/people";
import { useRequest } from "@/lib/request";
import { navigate, toPage } from "@/lib/route";
import { Invite } from "./Invite";
import { LeaveProject, MuteProject, SetProjectMember } from "./documents";
import { type Member, type Project, useProjectList } from "./useProjectList";

const projectRoles: readonly ProjectRole[] = ["ADMIN", "MEMBER", "READER"];

/** The members of a project: for everyone to read, and for its admins to change. */
export function Members({ project }: { project: Project }) {
  const { members: text } = useText();
  const { access } = useProjectList();
  const { viewerId } = usePeople();
  const alone = project.members.length < 2;
  if (access === null) return null;
  if (access === "LOCAL" && alone) return <p className="mt-6 text-sm text-soft">{text.accountsNeeded}</p>;
  return (
    <section aria-label={text.title} className="mt-4 rounded-2xl border border-line bg-raised px-4 py-3">
      <h3 className="pb-1 text-sm font-medium">{text.title}</h3>
      <ul className="divide-y divide-line">
        {project.members.map((member) => (
          <MemberRow key={member.userId} project={project} member={member} own={member.userId === viewerId} />
        ))}
      </ul>
      {!alone && <Mute project={project} />}
      {project.role === "ADMIN" && access !== "LOCAL" && <Invite project={project} />}
    </section>
  );
}

type RowProps = { project: Project; member: Member; own: boolean };

function MemberRow({ project, member, own }: RowProps) {
  const { members: text } = useText();
  const { displayName: name, role } = member;
  const manages = project.role === "ADMIN";
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
      <PersonMark person={member} className="size-7 text-xs" />
      <span className="min-w-0 flex-1 basis-32 wrap-anywhere">
        {name}
        {own && <span className="ml-1.5 text-xs text-faint">{text.you}</span>}
      </span>
      {manages ? (
        <RoleSelect project={project} member={member} />
      ) : (
        <span className="text-soft" title={text.roleHints[role]}>
          {text.roles[role]}
        </span>
      )}
      {own ? <Leave project={project} member={member} /> : manages && <Remove project={project} member={member} />}
    </li>
  );
}

type MemberProps = { project: Project; member: Member };

/** What `setProjectMember` knows the member by. */
const nameOf = ({ userName, userId }: Member) => userName ?? userId;

function useSetMember({ project, member }: MemberProps) {
  const request = useRequest();
  const { show } = useProjectList();
  const set = { projectId: project.id, userName: nameOf(member) };
  return async (role: ProjectRole | null) => show((await request(SetProjectMember, { ...set, role })).setProjectMember);
}

function RoleSelect({ project, member }: MemberProps) {
  const { members: text } = useText();
  const attempt = useAttempt();
  const set = useSetMember({ project, member });
  return (
    <SelectInput
      label={text.roleOf(member.displayName)}
      value={member.role}
      onChange={(role) => void attempt(() => set(role as ProjectRole))}
    >
      {projectRoles.map((role) => (
        <option key={role} value={role} title={text.roleHints[role]}>
          {text.roles[role]}
        </option>
      ))}
    </SelectInput>
  );
}

function Remove({ project, member }: MemberProps) {
  const { members: text } = useText();
  const attempt = useAttempt();
  const set = useSetMember({ project, member });
  const [asking, setAsking] = useState(false);
  return (
    <>
      <IconButton small icon="close" label={text.remove(member.displayName)} onClick={() => setAsking(true)} />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text.removeTitle(member.displayName, project.name)}
        hint={text.removeHint}
        action={text.removeAction}
        onConfirm={() => void attempt(() => set(null))}
      />
    </>
  );
}

/** Leaves the project; the default one stays. */
function Leave({ project, member }: MemberProps) {
  const { members: text } = useText();
  const attempt = useAttempt();
  const showToast = useToast();
  const { forget, isDefault } = useProjectList();
  const request = useRequest();
  const [asking, setAsking] = useState(false);
  if (isDefault(project)) return null;
  const leave = async () => {
    await request(LeaveProject, { projectId: project.id, userName: nameOf(member) });
    forget(project);
    showToast({ title: text.left(project.name), tone: "success" });
    navigate({ ...toPage("project"), project: null });
  };
  return (
    <>
      <Button look="quiet" className="px-2" onClick={() => setAsking(true)}>
        {text.leave}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text.leaveTitle(project.name)}
        hint={text.leaveHint}
        action={text.leave}
        onConfirm={() => void attempt(leave)}
      />
    </>
  );
}

function Mute({ project }: { project: Project }) {
  const { members: text } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const { show } = useProjectList();
  const mute = async (muted: boolean) => show((await request(MuteProject, { id: project.id, muted })).muteProject);
  return (
    <label className="flex min-h-10 items-center gap-2.5 border-t border-line pt-1 text-sm">
      <input
        type="checkbox"
        checked={project.muted}
        onChange={(event) => void attempt(() => mute(event.target.checked))}
        className="size-4 accent-wave"
      />
      {text.mute}
    </label>
  );
}
