import { useEffect, useState } from "react";
import type { AgentFieldsFragment } from "@/gql/graphql";
import { Collection } from "@/lib/collection";
import { useRequest } from "@/lib/request";
import { useConnection } from "@/lib/socketContext";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { AgentList } from "./documents";

export type Agent = AgentFieldsFragment;

/** An agent that only reads causes no event, so the list is read again while the page is visible. */
const READ_AGAIN_MS = 5_000;

// The server sends all times in one format, so that their texts have the order of the times.
const lastUsedFirst = (a: Agent, b: Agent) =>
  a.lastUsedAt === b.lastUsedAt ? (a.id < b.id ? 1 : -1) : a.lastUsedAt < b.lastUsedAt ? 1 : -1;

/** The coding agents of the viewer, those used last first. */
export function useAgents() {
  const request = useRequest();
  const connected = useConnection() === "connected";
  const [collection] = useState(() => new Collection<Agent>(lastUsedFirst));
  const list = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(AgentList, { after })).agents),
    precedes: (row, last) => lastUsedFirst(row, last) <= 0,
    events: { ACTION_CREATED: () => list.reload(), ACTION_UPDATED: () => list.reload() },
  });
  const { reload } = list;
  useEffect(() => {
    if (!connected) return;
    const readAgain = () => {
      if (document.visibilityState === "visible") reload();
    };
    const timer = setInterval(readAgain, READ_AGAIN_MS);
    addEventListener("focus", readAgain);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", readAgain);
    };
  }, [connected, reload]);
  return list;
}
