import { Icon } from "@/components/Icon";
import { Menu, MenuChoice } from "@/components/Menu";
import { useToast, useAttempt } from "@/components/Toasts";
import type { Visibility } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { usePeople } from "@/lib/people";
import { useProjects } from "@/lib/projects";
import { type Conversation, useConversations } from "./useConversations";

/** Says who sees a conversation, and lets its author change that; nothing while nobody else could see it. */
export function VisibilityPicker({ conversation }: { conversation: Conversation }) {
  const { members: text } = useText();
  const { viewerId, find } = usePeople();
  const project = useProjects().find(conversation.project.id);
  const members = project?.members ?? [];
  const isShared = conversation.visibility === "PROJECT";
  if (!project || (members.length < 2 && !isShared)) return null;
  const everyone = text.everyone(project.name);
  if (isShared && conversation.authorId !== viewerId) {
    const author = find(conversation.authorId)?.displayName ?? text.former;
    return (
      <span className="flex min-h-8 max-w-60 items-center gap-1 px-2" title={text.sharedBy(author)}>
        <Icon name="people" className="size-3.5" />
        <span className="truncate">{everyone}</span>
      </span>
    );
  }
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={`${text.visibility}: ${isShared ? everyone : text.onlyYou}`}
          className={`flex min-h-8 max-w-60 items-center gap-1 rounded-lg px-2 hover:bg-hover hover:text-ink ${isShared ? "text-wave" : ""}`}
        >
          <Icon name={isShared ? "people" : "lock"} className="size-3.5" />
          <span className="truncate">{isShared ? everyone : text.onlyYou}</span>
          <Icon name="chevron" className="size-3.5 shrink-0 rotate-180" />
        </button>
      }
    >
      <Choice conversation={conversation} project={project.name} />
      <p className="max-w-72 px-2.5 py-1.5 text-xs text-soft">
        {isShared ? text.everyoneHint(members.length) : text.onlyYouHint}
      </p>
    </Menu>
  );
}

function Choice({ conversation, project }: { conversation: Conversation; project: string }) {
  const { members: text } = useText();
  const attempt = useAttempt();
  const showToast = useToast();
  const { setVisibility } = useConversations();
  const change = async (visibility: Visibility) => {
    if (visibility === conversation.visibility) return;
    await setVisibility(conversation.id, visibility);
    showToast({ title: visibility === "PROJECT" ? text.nowShared(project) : text.nowPrivate, tone: "success" });
  };
  return (
    <MenuChoice<Visibility>
      closes
      label={text.visibility}
      value={conversation.visibility}
      choices={[
        ["PRIVATE", text.onlyYou],
        ["PROJECT", text.everyone(project)],
      ]}
      onChange={(visibility) => void attempt(() => change(visibility))}
    />
  );
}
