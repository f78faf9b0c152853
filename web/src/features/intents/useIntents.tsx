import { type ReactNode, createContext, use, useCallback, useState } from "react";
import type { CreateIntentInput, IntentFieldsFragment, UpdateIntentInput } from "@/gql/graphql";
import { Collection, newestFirst, useCollection } from "@/lib/collection";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { useOfflineCache } from "@/lib/useOfflineCache";
import { useLiveFeed } from "@/lib/useLiveFeed";
import {
  CancelIntent,
  ConfirmIntent,
  ConversationIntents,
  CreateIntent,
  DeleteIntent,
  IntentChanged,
  IntentList,
  OneIntent,
  RetryIntent,
  UpdateIntent,
} from "./documents";

export type Intent = IntentFieldsFragment;

type Intents = {
  collection: Collection<Intent>;
  intents: readonly Intent[];
  loading: boolean;
  failure: RequestFailure | null;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
  /** Makes sure that the intents of an older conversation are known too. */
  loadConversationIntents: (id: string) => void;
  /** Makes sure that one intent is known, however old; resolves to whether there is one, rejects when nobody can say. */
  ensureLoaded: (id: string) => Promise<boolean>;
  create: (input: CreateIntentInput) => Promise<void>;
  update: (input: UpdateIntentInput) => Promise<void>;
  confirm: (id: string) => Promise<void>;
  cancel: (id: string) => Promise<void>;
  retry: (id: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

const IntentsContext = createContext<Intents | null>(null);

/** Whether an intent still moves on its own or waits for the reader. */
export function isOpen(intent: Intent): boolean {
  return intent.status === "PENDING" || intent.status === "PROCESSING" || intent.status === "AWAITING_CONFIRMATION";
}

export function canRetry({ status }: Intent): boolean {
  return status === "FAILED" || status === "CANCELLED";
}

/** Whether it may still be changed: work on it has not begun. */
export function canEdit({ status }: Intent): boolean {
  return status === "PENDING" || status === "AWAITING_CONFIRMATION";
}

/** Holds the reader's intents and moves each through its states as it happens. */
export function IntentsProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Intent>(newestFirst));
  const intents = useCollection(collection);
  useOfflineCache(collection, "intents");
  const [state, setState] = useState<{ loading: boolean; failure: RequestFailure | null; next: string | null }>({
    loading: true,
    failure: null,
    next: null,
  });

  const load = useCallback(
    (after: string | null) =>
      collection.ask(async (asked) => {
        try {
          const { intents: page } = await request(IntentList, { after });
          const rows = page.edges.map((edge) => edge.node);
          const last = rows.at(-1);
          if (after === null) collection.reconcile(asked, rows, (row) => !last || row.id >= last.id);
          else collection.take(asked, rows);
          setState({
            loading: false,
            failure: null,
            next: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null,
          });
        } catch (error) {
          setState((now) => ({ ...now, loading: false, failure: toFailure(error) }));
        }
      }),
    [collection, request],
  );
  const reload = useCallback(() => void load(null), [load]);

  useLiveFeed({
    document: IntentChanged,
    variables: {},
    cursorOf: (data) => data.intentChanged.cursor,
    onEvent: ({ intentChanged: { intent, intentId, kind } }) => {
      if (intent) collection.upsert(intent);
      else if (kind === "INTENT_DELETED") collection.remove(intentId);
    },
    load: reload,
  });

  const loadConversationIntents = useCallback(
    (id: string) => {
      collection
        .ask(async (asked) => {
          const { conversation } = await request(ConversationIntents, { id });
          collection.take(asked, conversation?.intents.edges.map((edge) => edge.node) ?? []);
        })
        .catch((error: unknown) => setState((now) => ({ ...now, failure: toFailure(error) })));
    },
    [collection, request],
  );

  const ensureLoaded = useCallback(
    async (id: string) => {
      try {
        return await collection.ask(async (asked) => {
          const { intent } = await request(OneIntent, { id });
          if (intent) collection.take(asked, [intent]);
          return Boolean(intent);
        });
      } catch (error) {
        if (toFailure(error).code === "NOT_FOUND") return false;
        throw error;
      }
    },
    [collection, request],
  );

  const value: Intents = {
    collection,
    intents,
    loading: state.loading,
    failure: state.failure,
    hasMore: state.next !== null,
    loadMore: () => void load(state.next),
    reload,
    loadConversationIntents,
    ensureLoaded,
    update: async (input) => collection.upsert((await request(UpdateIntent, { input })).updateIntent),
    create: async (input) => collection.upsert((await request(CreateIntent, { input })).createIntent),
    confirm: async (id) => collection.upsert((await request(ConfirmIntent, { id })).confirmIntent),
    cancel: async (id) => collection.upsert((await request(CancelIntent, { id })).cancelIntent),
    retry: async (id) => collection.upsert((await request(RetryIntent, { id })).retryIntent),
    remove: async (id) => {
      await request(DeleteIntent, { id });
      collection.remove(id);
    },
  };
  return <IntentsContext value={value}>{children}</IntentsContext>;
}

export function useIntents(): Intents {
  const value = use(IntentsContext);
  if (!value) throw new Error("useIntents needs an IntentsProvider above it");
  return value;
}
