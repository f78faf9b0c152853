import { useCallback, useEffect, useRef, useState } from "react";
import type { OverviewIntentsQuery, OverviewMessagesQuery } from "@/gql/graphql";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { useEvents } from "@/lib/useEvents";
import { OverviewIntents, OverviewMessages } from "./documents";
import { type Day, type Past, reaches } from "./figures";

const MOST_PAGES = 12;
const SETTLE_MS = 1_500;

/** What was said and done in these days; read anew a moment after something happened. */
export function usePast(days: readonly Day[]) {
  const request = useRequest();
  const [past, setPast] = useState<Past | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [times, setTimes] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const key = JSON.stringify(days);

  useEffect(() => {
    let current = true;
    const span = JSON.parse(key) as Day[];
    Promise.all([readIntents(request, span), readMessages(request, span)]).then(
      ([intents, messages]) => {
        if (!current) return;
        setPast({ intents, messages });
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [request, key, times]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const reload = useCallback(() => setTimes((now) => now + 1), []);
  useEvents({
    kinds: ["INTENT_CREATED", "INTENT_UPDATED", "MESSAGE_UPDATED"],
    onEvent: () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(reload, SETTLE_MS);
    },
    load: () => undefined,
  });
  return { past, failure, reload };
}

type Request = ReturnType<typeof useRequest>;

async function readIntents(request: Request, days: readonly Day[]): Promise<Past["intents"]> {
  const read: Past["intents"][number][] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { intents }: OverviewIntentsQuery = await request(OverviewIntents, { after });
    read.push(...intents.edges.map((edge) => edge.node));
    after = intents.pageInfo.endCursor ?? null;
    if (!intents.pageInfo.hasNextPage || reaches(days, read.at(-1)?.createdAt)) break;
  }
  return read;
}

async function readMessages(request: Request, days: readonly Day[]): Promise<Past["messages"]> {
  const read: Past["messages"][number][] = [];
  let before: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { messages }: OverviewMessagesQuery = await request(OverviewMessages, { before });
    read.unshift(...messages.edges.map((edge) => edge.node));
    before = messages.pageInfo.startCursor ?? null;
    if (!messages.pageInfo.hasPreviousPage || reaches(days, read[0]?.createdAt)) break;
  }
  return read;
}
