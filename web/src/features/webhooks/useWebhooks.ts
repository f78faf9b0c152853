import { useCallback, useEffect, useRef, useState } from "react";
import type { WebhookFieldsFragment } from "@/gql/graphql";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { WebhookList } from "./documents";

export type Webhook = WebhookFieldsFragment;

const POLL_MS = 3_000;

/** Calls a read now and every few seconds while the page is visible; returns the last result and its failure. */
export function usePolled<T>(read: () => Promise<T>) {
  const [data, setData] = useState<T | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const latest = useRef(0);
  const reload = useCallback(async () => {
    latest.current += 1;
    const number = latest.current;
    try {
      const found = await read();
      if (number !== latest.current) return;
      setData(found);
      setFailure(null);
    } catch (error) {
      if (number === latest.current) setFailure(toFailure(error));
    }
  }, [read]);
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the state is set when the response has arrived
    void reload();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void reload();
    }, POLL_MS);
    return () => {
      clearInterval(timer);
      latest.current = -1;
    };
  }, [reload]);
  return { data, failure, reload };
}

/** The webhooks of a project. */
export function useWebhooks(projectId: string) {
  const request = useRequest();
  return usePolled(useCallback(async () => (await request(WebhookList, { projectId })).webhooks, [request, projectId]));
}
