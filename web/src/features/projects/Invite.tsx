import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextInput, fieldLook } from "@/components/Field";
import { useAttempt, useToast } from "@/components/Toasts";
import { useCopy } from "@/components/useCopy";
import type { CreateInvitationMutation, ProjectRole } from "@/gql/graphql";
import { fullDate } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { CreateInvitation, SetProjectMember } from "./documents";
import { type Project, useProjectList } from "./useProjectList";

const roles: readonly ProjectRole[] = ["MEMBER", "READER", "ADMIN"];

/** Invites to a project: by the name of a user, or by a link that works once. */
export function Invite({ project }: { project: Project }) {
  const { members: text } = useText();
  const [role, setRole] = useState<ProjectRole>("MEMBER");
  return (
    <div className="mt-2 space-y-3 border-t border-line pt-3">
      <h4 className="text-sm font-medium">{text.invite}</h4>
      <Field label={text.role} hint={text.roleHints[role]}>
        <select value={role} onChange={(event) => setRole(event.target.value as ProjectRole)} className={fieldLook}>
          {roles.map((each) => (
            <option key={each} value={each}>
              {text.roles[each]}
            </option>
          ))}
        </select>
      </Field>
      <ByName project={project} role={role} />
      <ByLink key={role} project={project} role={role} />
    </div>
  );
}

type InviteProps = { project: Project; role: ProjectRole };

function ByName({ project, role }: InviteProps) {
  const { members: text } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const showToast = useToast();
  const { show } = useProjectList();
  const [name, setName] = useState("");
  const userName = name.trim();
  const add = async () => {
    show((await request(SetProjectMember, { projectId: project.id, userName, role })).setProjectMember);
    setName("");
    showToast({ title: text.added(userName), tone: "success" });
  };
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (userName !== "") void attempt(add);
      }}
    >
      <div className="min-w-0 flex-1">
        <Field label={text.userName}>
          <TextInput
            autoCapitalize="none"
            autoComplete="off"
            maxLength={64}
            title={text.userNameHint}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </div>
      <Button type="submit" icon="plus" disabled={userName === ""}>
        {text.add}
      </Button>
    </form>
  );
}

type Link = CreateInvitationMutation["createInvitation"];

function ByLink({ project, role }: InviteProps) {
  const { language, text } = useLanguage();
  const { members: words } = text;
  const request = useRequest();
  const attempt = useAttempt();
  const [copied, copy] = useCopy();
  const [link, setLink] = useState<Link | null>(null);
  const create = async () => {
    const made = (await request(CreateInvitation, { projectId: project.id, role })).createInvitation;
    setLink(made);
    copy(made.url);
  };
  return (
    <div className="space-y-2">
      <p className="text-sm">
        <span className="font-medium text-soft">{words.byLink}</span>
        <span className="block text-xs text-faint">{words.linkHint}</span>
      </p>
      {link && (
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <TextInput readOnly aria-label={words.link} value={link.url} onFocus={(event) => event.target.select()} />
          </div>
          <Button icon={copied ? "check" : "copy"} onClick={() => copy(link.url)}>
            {copied ? words.copied : words.copy}
          </Button>
        </div>
      )}
      <p role="status" className="text-xs text-soft empty:hidden">
        {link && words.expires(fullDate(link.expiresAt, language))}
      </p>
      <Button look={link ? "quiet" : "outline"} onClick={() => void attempt(create)}>
        {words.createLink}
      </Button>
    </div>
  );
}
