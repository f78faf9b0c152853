import { type ReactNode, createContext, use, useCallback, useState } from "react";
import type { ActionFieldsFragment } from "@/gql/graphql";
import { Collection, newestFirst } from "@/lib/collection";
import type { AppendedEvent } from "@/lib/feed";
import { useProjectId } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import {
  AcceptAction,
  ActionList,
  ActionsOfOtherVersions,
  ConversationActions,
  DismissAction,
  OneAction,
  ProposedActionList,
  UndoAction,
} from "./documents";

export type Action = ActionFieldsFragment;
export type Arguments = Readonly<Record<string, unknown>>;

/** Whether it has no effect any more: it was dismissed or undone. */
export function isQuiet({ status }: Action): boolean {
  return status === "DISMISSED" || status === "UNDONE";
}

type Actions = {
  actions: readonly Action[];
  /** Reads the actions of a conversation that are not on the pages read so far. */
  loadConversation: (id: string) => void;
  /** The ids of the actions of the other versions of a message that can be undone, oldest first. */
  readOtherVersions: (messageId: string) => Promise<readonly string[]>;
  /** Reads the proposals of all conversations. */
  loadProposed: () => void;
  /** Does what an action proposes; the arguments replace those of the same name. */
  accept: (id: string, changed?: Arguments) => Promise<void>;
  dismiss: (id: string) => Promise<void>;
  undo: (id: string) => Promise<void>;
};

const ActionsContext = createContext<Actions | null>(null);

/** Loads the actions of the chosen project and keeps them up to date. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Action>(newestFirst));
  const readOne = useCallback(
    async (id: string) => {
      const { node } = await request(OneAction, { id });
      return node && "tool" in node ? node : null;
    },
    [request],
  );
  const { rows, fetchOne, reportFailure } = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(ActionList, { projectId, after })).actions),
    readOne,
    projectId,
    events: {
      ACTION_CREATED: "read",
      ACTION_UPDATED: "read",
      // Whether an action can be undone depends on its subject.
      INTENT_UPDATED: (event) => readAgain(event),
      INTENT_DELETED: (event) => readAgain(event),
      MEMORY_UPDATED: (event) => readAgain(event),
      MEMORY_DELETED: (event) => readAgain(event),
      SPECIFICATION_UPDATED: (event) => readAgain(event),
      SPECIFICATION_DELETED: (event) => readAgain(event),
      DECISION_UPDATED: (event) => readAgain(event),
      DECISION_DELETED: (event) => readAgain(event),
    },
  });
  const readAgain = ({ subjectId }: AppendedEvent) => {
    for (const action of rows) if (action.subject?.id === subjectId) fetchOne(action.id).catch(reportFailure);
  };
  const loadConversation = useCallback(
    (id: string) => {
      // Whole actions of all messages would cost more than an operation may.
      const load = async () => {
        const { conversation } = await request(ConversationActions, { id });
        const found = conversation?.messages.edges.flatMap(({ node }) => node.actions) ?? [];
        await Promise.all(found.filter((action) => !collection.get(action.id)).map((action) => fetchOne(action.id)));
      };
      load().catch(reportFailure);
    },
    [collection, request, fetchOne, reportFailure],
  );
  const readOtherVersions = useCallback(
    async (messageId: string) => {
      const { message } = await request(ActionsOfOtherVersions, { messageId });
      return message?.actionsOfOtherVersions.filter(({ undoable }) => undoable).map(({ id }) => id) ?? [];
    },
    [request],
  );
  const loadProposed = useCallback(() => {
    collection
      .request(async (number) => {
        const { actions } = await request(ProposedActionList, { projectId });
        collection.applyRows(
          number,
          actions.edges.map((edge) => edge.node),
        );
      })
      .catch(reportFailure);
  }, [collection, request, projectId, reportFailure]);

  const value: Actions = {
    actions: rows,
    loadProposed,
    loadConversation,
    readOtherVersions,
    accept: async (id, changed) =>
      collection.upsert((await request(AcceptAction, { id, arguments: changed })).acceptAction),
    dismiss: async (id) => collection.upsert((await request(DismissAction, { id })).dismissAction),
    undo: async (id) => collection.upsert((await request(UndoAction, { id })).undoAction),
  };
  return <ActionsContext value={value}>{children}</ActionsContext>;
}

export function useActions(): Actions {
  const value = use(ActionsContext);
  if (!value) throw new Error("useActions needs an ActionsProvider above it");
  return value;
}
