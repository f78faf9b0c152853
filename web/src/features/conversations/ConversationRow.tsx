import { useState } from "react";
import { IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Menu, MenuItem, MenuLine } from "@/components/Menu";
import { MoveMenuItem } from "@/components/MoveToProject";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { useAttempt } from "@/components/Toasts";
import { RenameDialog } from "./RenameDialog";
import type { ExportFormat } from "./exportConversation";
import { type Conversation, useConversations } from "./useConversations";
import { useText } from "@/lib/language";
import { usePeople } from "@/lib/people";
import { useCanWrite } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { navigate, toConversation } from "@/lib/route";

type RowProps = { conversation: Conversation; current: boolean; onOpen: () => void };

export function ConversationRow({ conversation, current, onOpen }: RowProps) {
  const text = useText();
  const attempt = useAttempt();
  const request = useRequest();
  const { archive, remove } = useConversations();
  const [renaming, setRenaming] = useState(false);
  const { id, archived } = conversation;
  const title = conversation.title || text.conversations.untitled;
  const save = async (format: ExportFormat) => {
    const { you, assistant, yuno, system, cutHere: cut, otherVersions } = text.chat;
    const speakers = { USER: you, KANA: assistant, YUNO: yuno, SYSTEM: system };
    const { download, exportConversation } = await import("./exportConversation");
    download(
      await exportConversation(request, conversation, format, speakers, {
        cut,
        otherVersions,
        gone: text.citations.gone,
      }),
      title,
      format,
    );
  };
  const { viewerId } = usePeople();
  const canWrite = useCanWrite()(conversation);
  const own = conversation.authorId === viewerId || viewerId === null;
  const isShared = conversation.visibility === "PROJECT";
  const leave = () => {
    if (current) navigate(toConversation(null));
  };

  return (
    <li className={`group relative flex items-center rounded-lg ${current ? "bg-tint font-medium" : "hover:bg-hover"}`}>
      {current && <span className="absolute inset-y-2 left-0 w-0.5 rounded-full bg-wave" />}
      <RouteLink
        to={toConversation(id)}
        aria-current={current ? "page" : undefined}
        onOpen={onOpen}
        className="min-w-0 flex-1 truncate rounded-lg py-2 pr-1 pl-3 text-sm"
        title={title}
      >
        {isShared && <Icon name="people" className="mr-1 inline size-3.5 text-faint" />}
        {isShared && <span className="sr-only">{text.members.isShared}: </span>}
        {title}
        <ProjectTag project={conversation.project} className="flex! font-normal" />
      </RouteLink>
      <Menu
        trigger={
          <IconButton
            small
            icon="more"
            label={text.conversations.actions(title)}
            className="mr-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
          />
        }
      >
        {canWrite && (
          <MenuItem icon="edit" onSelect={() => setRenaming(true)}>
            {text.conversations.rename}
          </MenuItem>
        )}
        {canWrite && (
          <MenuItem
            icon="archive"
            onSelect={() => void attempt(() => archive(id, !archived)).then((done) => done && !archived && leave())}
          >
            {archived ? text.conversations.restore : text.conversations.archive}
          </MenuItem>
        )}
        {canWrite && own && <MoveMenuItem records={[conversation]} name={title} />}
        <MenuItem icon="download" onSelect={() => void attempt(() => save("markdown"))}>
          {text.conversations.exportMarkdown}
        </MenuItem>
        <MenuItem icon="download" onSelect={() => void attempt(() => save("json"))}>
          {text.conversations.exportJson}
        </MenuItem>
        {canWrite && own && <MenuLine />}
        {canWrite && own && (
          <MenuItem icon="trash" danger onSelect={() => void attempt(() => remove(id)).then((done) => done && leave())}>
            {text.conversations.delete}
          </MenuItem>
        )}
      </Menu>
      <RenameDialog conversation={conversation} open={renaming} onOpenChange={setRenaming} />
    </li>
  );
}
