import { type ReactNode, createContext, use, useCallback, useEffect, useRef, useState } from "react";
import {
  ArchiveConversation,
  ConversationActivity,
  ConversationList,
  DeleteConversation,
  OneConversation,
  RenameConversation,
} from "./documents";
import type { ConversationFieldsFragment } from "@/gql/graphql";
import { type Asked, Collection, newestFirst, useCollection } from "@/lib/collection";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { useLiveFeed } from "@/lib/useLiveFeed";

export type Conversation = ConversationFieldsFragment;

type Conversations = {
  conversations: readonly Conversation[];
  loading: boolean;
  failure: RequestFailure | null;
  showArchived: boolean;
  setShowArchived: (show: boolean) => void;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
  /** Makes sure that a conversation further down than what was read so far is known. */
  ensureLoaded: (id: string) => void;
  rename: (id: string, title: string) => Promise<void>;
  archive: (id: string, archived: boolean) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

const ConversationsContext = createContext<Conversations | null>(null);

const lastActiveFirst = (a: Conversation, b: Conversation) =>
  Date.parse(b.updatedAt) - Date.parse(a.updatedAt) || newestFirst(a, b);

/** Holds the reader's conversations and keeps them live. */
export function ConversationsProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Conversation>(lastActiveFirst));
  const conversations = useCollection(collection);
  useOfflineCache(collection, "conversations");
  const [showArchived, setShowArchived] = useState(false);
  const [state, setState] = useState<{ loading: boolean; failure: RequestFailure | null; next: string | null }>({
    loading: true,
    failure: null,
    next: null,
  });

  // Only the answer to the last question says where the list goes on.
  const latest = useRef<Asked>(0);

  const load = useCallback(
    (after: string | null) =>
      collection.ask(async (asked) => {
        latest.current = asked;
        try {
          const { conversations: page } = await request(ConversationList, { after, includeArchived: showArchived });
          const rows = page.edges.map((edge) => edge.node);
          const last = rows.at(-1);
          const reachesEnd = !page.pageInfo.hasNextPage;
          if (after === null) {
            collection.reconcile(
              asked,
              rows,
              (row) =>
                (showArchived || !row.archived) &&
                (reachesEnd || (last !== undefined && row.updatedAt > last.updatedAt)),
            );
          } else {
            collection.take(asked, rows);
          }
          if (latest.current !== asked) return;
          setState({ loading: false, failure: null, next: reachesEnd ? null : (page.pageInfo.endCursor ?? null) });
        } catch (error) {
          if (latest.current === asked) setState((now) => ({ ...now, loading: false, failure: toFailure(error) }));
        }
      }),
    [collection, request, showArchived],
  );
  const reload = useCallback(() => void load(null), [load]);

  useLiveFeed({
    document: ConversationActivity,
    variables: {},
    cursorOf: (data) => data.messageChanged.cursor,
    onEvent: ({ messageChanged }) => {
      if (messageChanged.message) collection.upsert(messageChanged.message.conversation);
    },
    load: reload,
  });
  useEffect(() => {
    if (showArchived) void load(null);
  }, [load, showArchived]);
  const reread = useCallback(
    // Whether it exists at all is for the chat to say.
    (id: string) =>
      collection
        .ask(async (asked) => {
          const { conversation } = await request(OneConversation, { id });
          if (conversation) collection.take(asked, [conversation]);
        })
        .catch((error: unknown) => {
          const failure = toFailure(error);
          if (failure.code !== "NOT_FOUND") setState((now) => ({ ...now, failure }));
        }),
    [collection, request],
  );
  useEvents({
    kinds: ["CONVERSATION_UPDATED", "CONVERSATION_DELETED"],
    onEvent: ({ kind, subjectId }) => {
      if (kind === "CONVERSATION_DELETED") collection.remove(subjectId);
      else void reread(subjectId);
    },
    load: () => undefined,
  });

  const ensureLoaded = useCallback(
    (id: string) => {
      if (!collection.get(id)) void reread(id);
    },
    [collection, reread],
  );

  const { next } = state;
  const loadMore = useCallback(() => {
    setState((now) => ({ ...now, loading: true }));
    void load(next);
  }, [load, next]);
  const value: Conversations = {
    conversations,
    ...state,
    showArchived,
    setShowArchived,
    hasMore: state.next !== null,
    loadMore,
    reload,
    ensureLoaded,
    rename: async (id, title) => {
      const { renameConversation } = await request(RenameConversation, { id, title });
      collection.upsert(renameConversation);
    },
    archive: async (id, archived) => {
      const { archiveConversation } = await request(ArchiveConversation, { id, archived });
      collection.upsert(archiveConversation);
    },
    remove: async (id) => {
      await request(DeleteConversation, { id });
      collection.remove(id);
    },
  };
  return <ConversationsContext value={value}>{children}</ConversationsContext>;
}

export function useConversations(): Conversations {
  const value = use(ConversationsContext);
  if (!value) throw new Error("useConversations needs a ConversationsProvider above it");
  return value;
}
