import { type ReactNode, createContext, use, useCallback, useMemo, useState } from "react";
import {
  ArchiveConversation,
  ChooseModel,
  ConversationActivity,
  ConversationList,
  DeleteConversation,
  OneConversation,
  RenameConversation,
  SetVisibility,
} from "./documents";
import { useUndo } from "@/components/useUndo";
import type { ConversationFieldsFragment, Visibility } from "@/gql/graphql";
import { Collection, newestFirst } from "@/lib/collection";
import { plainTitle } from "@/lib/plainText";
import { cacheOf, useProjectId, useProjects } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { type LiveCollection, pageOf, useLiveCollection } from "@/lib/useLiveCollection";

export type Conversation = ConversationFieldsFragment;

type Conversations = Omit<LiveCollection<Conversation>, "rows" | "fetchOne" | "reportFailure"> & {
  conversations: readonly Conversation[];
  /** A conversation that has been read, of whatever project. */
  find: (id: string) => Conversation | undefined;
  showArchived: boolean;
  setShowArchived: (show: boolean) => void;
  /** Reads a conversation that is not on the pages read so far. */
  ensureLoaded: (id: string) => void;
  rename: (id: string, title: string) => Promise<void>;
  /** The model that answers in a conversation from now on; null for the default one. */
  chooseModel: (id: string, model: string | null) => Promise<void>;
  /** Shares a conversation with the project, or makes it private again. */
  setVisibility: (id: string, visibility: Visibility) => Promise<void>;
  archive: (id: string, archived: boolean) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

const ConversationsContext = createContext<Conversations | null>(null);

const lastActiveFirst = (a: Conversation, b: Conversation) =>
  Date.parse(b.updatedAt) - Date.parse(a.updatedAt) || newestFirst(a, b);

/** Loads the conversations of the chosen project and keeps them up to date. */
export function ConversationsProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const undo = useUndo();
  const projectId = useProjectId();
  const { find: findProject } = useProjects();
  // The list of all projects has nothing of archived ones; a conversation of these can still be open.
  const isListed = useCallback(
    (row: Conversation) =>
      projectId === null ? findProject(row.project.id)?.archived !== true : row.project.id === projectId,
    [projectId, findProject],
  );
  const [collection] = useState(() => new Collection<Conversation>(lastActiveFirst));
  const [showArchived, setShowArchived] = useState(false);
  const { rows, fetchOne, reportFailure, ...list } = useLiveCollection({
    collection,
    readPage: async (after) =>
      pageOf((await request(ConversationList, { projectId, after, includeArchived: showArchived })).conversations),
    readOne: useCallback(async (id: string) => (await request(OneConversation, { id })).conversation, [request]),
    scope: String(showArchived),
    includes: (row) => isListed(row) && (showArchived || !row.archived),
    precedes: (row, last) => row.updatedAt > last.updatedAt,
    feed: {
      document: ConversationActivity,
      variables: { projectId },
      cursorOf: (data) => data.messageChanged.cursor,
      onEvent: ({ messageChanged }) => {
        if (messageChanged.message) collection.upsert(messageChanged.message.conversation);
      },
    },
    events: { CONVERSATION_CREATED: "read", CONVERSATION_UPDATED: "read", CONVERSATION_DELETED: "remove" },
    projectId,
    cache: { key: cacheOf("conversations", projectId) },
  });
  const ensureLoaded = useCallback(
    (id: string) => {
      if (!collection.get(id)) fetchOne(id).catch(reportFailure);
    },
    [collection, fetchOne, reportFailure],
  );
  const all = useMemo(() => rows.map((row) => ({ ...row, title: plainTitle(row.title) })), [rows]);
  const conversations = useMemo(() => all.filter(isListed), [all, isListed]);
  const titleOf = (id: string) => plainTitle(collection.get(id)?.title ?? "");
  const archive = async (id: string, archived: boolean) =>
    collection.upsert((await request(ArchiveConversation, { id, archived })).archiveConversation);
  const value: Conversations = {
    conversations,
    find: (id) => all.find((row) => row.id === id),
    ...list,
    showArchived,
    setShowArchived,
    ensureLoaded,
    rename: async (id, title) => {
      const { renameConversation } = await request(RenameConversation, { id, title });
      collection.upsert(renameConversation);
    },
    chooseModel: async (id, model) => {
      const { updateConversation } = await request(ChooseModel, { id, model });
      collection.upsert(updateConversation);
    },
    setVisibility: async (id, visibility) => {
      const { updateConversation } = await request(SetVisibility, { id, visibility });
      collection.upsert(updateConversation);
    },
    archive: async (id, archived) => {
      await archive(id, archived);
      undo.changed(archived ? "archived" : "unarchived", titleOf(id), () => archive(id, !archived));
    },
    remove: async (id) => {
      const title = titleOf(id);
      await request(DeleteConversation, { id });
      collection.remove(id);
      undo.deleted("Conversation", id, title);
    },
  };
  return <ConversationsContext value={value}>{children}</ConversationsContext>;
}

export function useConversations(): Conversations {
  const value = use(ConversationsContext);
  if (!value) throw new Error("useConversations needs a ConversationsProvider above it");
  return value;
}
