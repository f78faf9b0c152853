import { type ReactNode, createContext, use, useCallback, useMemo, useState } from "react";
import type { CreateIntentInput, IntentFieldsFragment, UpdateIntentInput } from "@/gql/graphql";
import { type Change, useUndo } from "@/components/useUndo";
import { Collection, newestFirst } from "@/lib/collection";
import { cacheOf, isIn, useProjectId, useProjects } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { type LiveCollection, pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import {
  CancelIntent,
  CompleteIntent,
  ConfirmIntent,
  ConversationIntents,
  CreateIntent,
  DeleteIntent,
  IntentChanged,
  IntentList,
  OneIntent,
  ReopenIntent,
  RetryIntent,
  StartIntent,
  UpdateIntent,
} from "./documents";

/** `readOnly`: the viewer is a reader of its project. */
export type Intent = IntentFieldsFragment & { readOnly?: boolean };

type Intents = Omit<LiveCollection<Intent>, "rows" | "reportFailure"> & {
  collection: Collection<Intent>;
  intents: readonly Intent[];
  /** An intent that has been read, of whatever project. */
  find: (id: string) => Intent | undefined;
  /** Reads the intents of a conversation that are not on the pages read so far. */
  loadConversationIntents: (id: string) => void;
  create: (input: CreateIntentInput) => Promise<Intent>;
  update: (input: UpdateIntentInput) => Promise<Intent>;
  confirm: (id: string) => Promise<void>;
  cancel: (id: string) => Promise<void>;
  retry: (id: string) => Promise<void>;
  start: (id: string) => Promise<void>;
  complete: (id: string, note?: string) => Promise<void>;
  reopen: (id: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

const IntentsContext = createContext<Intents | null>(null);

/** Whether an intent is waiting, in progress, or needs confirmation. */
export function isOpen(intent: Intent): boolean {
  return intent.status === "PENDING" || intent.status === "PROCESSING" || intent.status === "AWAITING_CONFIRMATION";
}

/** Whether it waits for the resolution of a contradiction; it cannot be accepted before. */
export function isContradicted({ status, contradictions }: Intent): boolean {
  return status === "AWAITING_CONFIRMATION" && contradictions.some((each) => each.status === "PENDING");
}

/** Whether it is a reminder whose time was not said or not understood; it cannot be accepted without one. */
export function lacksTime({ intentType, dueAt }: Intent): boolean {
  return intentType === "REMINDER" && dueAt == null;
}

/** Whether it is a to-do of the user, which no worker processes. */
export function isOfPerson({ assignee }: Pick<Intent, "assignee">): boolean {
  return assignee === "PERSON";
}

/** Whether the assistant can try again. A to-do is reopened instead. */
export function canRetry(intent: Intent): boolean {
  return !intent.readOnly && !isOfPerson(intent) && (intent.status === "FAILED" || intent.status === "CANCELLED");
}

export function canStart(intent: Intent): boolean {
  return !intent.readOnly && isOfPerson(intent) && intent.status === "PENDING";
}

export function canComplete(intent: Intent): boolean {
  return !intent.readOnly && isOfPerson(intent) && (intent.status === "PENDING" || intent.status === "PROCESSING");
}

export function canReopen(intent: Intent): boolean {
  return !intent.readOnly && isOfPerson(intent) && !isOpen(intent);
}

/** Whether it is a to-do that was started, and can wait again. */
export function canPutBack(intent: Intent): boolean {
  return !intent.readOnly && isOfPerson(intent) && intent.status === "PROCESSING";
}

/** Whether it can still be changed or handed over: no worker has started it. */
export function canEdit(intent: Intent): boolean {
  const { status } = intent;
  if (intent.readOnly) return false;
  return status === "PENDING" || status === "AWAITING_CONFIRMATION" || (isOfPerson(intent) && status === "PROCESSING");
}

/** The rows, with those marked that the viewer can only read. */
export function useMarked(rows: readonly Intent[]): readonly Intent[] {
  const { projects } = useProjects();
  return useMemo(() => {
    const read = new Set(projects.filter(({ role }) => role === "READER").map(({ id }) => id));
    return read.size === 0 ? rows : rows.map((row) => (read.has(row.project.id) ? { ...row, readOnly: true } : row));
  }, [rows, projects]);
}

/** Loads the intents of the chosen project and keeps them up to date. */
export function IntentsProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const undo = useUndo();
  const projectId = useProjectId();
  const [collection] = useState(() => new Collection<Intent>(newestFirst));
  const {
    rows: read,
    reportFailure,
    ...list
  } = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(IntentList, { projectId, after })).intents),
    readOne: useCallback(async (id: string) => (await request(OneIntent, { id })).intent, [request]),
    feed: {
      document: IntentChanged,
      variables: { projectId },
      cursorOf: (data) => data.intentChanged.cursor,
      onEvent: ({ intentChanged: { intent, intentId, kind } }) => {
        if (kind === "INTENT_CREATED") collection.revive(intentId);
        if (intent) collection.upsert(intent);
        else if (kind === "INTENT_DELETED") collection.remove(intentId);
        else collection.hide(intentId); // it was moved to another project
      },
    },
    includes: isIn(projectId),
    cache: { key: cacheOf("intents", projectId) },
  });
  const rows = useMarked(read);
  const intents = useMemo(() => rows.filter(isIn(projectId)), [rows, projectId]);
  const loadConversationIntents = useCallback(
    (id: string) => {
      collection
        .request(async (number) => {
          const { conversation } = await request(ConversationIntents, { id });
          collection.applyRows(number, conversation?.intents.edges.map((edge) => edge.node) ?? []);
        })
        .catch(reportFailure);
    },
    [collection, request, reportFailure],
  );

  const offerReopening = (change: Change, before: Intent | undefined) => {
    if (!before) return;
    const { id, description } = before;
    undo.changed(change, description, async () => {
      collection.upsert((await request(ReopenIntent, { id })).reopenIntent);
      if (canPutBack(before)) collection.upsert((await request(StartIntent, { id })).startIntent);
    });
  };
  const value: Intents = {
    ...list,
    collection,
    intents,
    find: (id) => rows.find((row) => row.id === id),
    loadConversationIntents,
    update: async (input) => {
      const { updateIntent } = await request(UpdateIntent, { input });
      collection.upsert(updateIntent);
      return updateIntent;
    },
    create: async (input) => {
      // A conversation has its project; without a chosen one, the server takes the default project.
      const project = input.conversationId == null && projectId !== null ? { projectId } : {};
      const { createIntent } = await request(CreateIntent, { input: { ...project, ...input } });
      collection.upsert(createIntent);
      return createIntent;
    },
    confirm: async (id) => collection.upsert((await request(ConfirmIntent, { id })).confirmIntent),
    cancel: async (id) => {
      const before = collection.get(id);
      collection.upsert((await request(CancelIntent, { id })).cancelIntent);
      offerReopening("cancelled", before);
    },
    retry: async (id) => collection.upsert((await request(RetryIntent, { id })).retryIntent),
    start: async (id) => collection.upsert((await request(StartIntent, { id })).startIntent),
    complete: async (id, note) => {
      const before = collection.get(id);
      collection.upsert((await request(CompleteIntent, { id, note: note ?? null })).completeIntent);
      offerReopening("completed", before);
    },
    reopen: async (id) => {
      const before = collection.get(id);
      collection.upsert((await request(ReopenIntent, { id })).reopenIntent);
      if (before && canPutBack(before))
        undo.changed("notStarted", before.description, async () =>
          collection.upsert((await request(StartIntent, { id })).startIntent),
        );
    },
    remove: async (id) => {
      const name = collection.get(id)?.description ?? "";
      await request(DeleteIntent, { id });
      collection.remove(id);
      undo.deleted("Intent", id, name);
    },
  };
  return <IntentsContext value={value}>{children}</IntentsContext>;
}

export function useIntents(): Intents {
  const value = use(IntentsContext);
  if (!value) throw new Error("useIntents needs an IntentsProvider above it");
  return value;
}
