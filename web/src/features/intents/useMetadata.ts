import { useEffect, useState } from "react";
import { useRequest } from "@/lib/request";
import { IntentMetadata } from "./documents";
import type { Intent } from "./useIntents";

export type Metadata = Record<string, unknown>;

/** The metadata of an intent, read again with each version; empty until then. A failure is not shown. */
export function useMetadata({ id, version, updatedAt }: Intent): Metadata {
  const request = useRequest();
  const [metadata, setMetadata] = useState<Metadata>({});
  useEffect(() => {
    let current = true;
    request(IntentMetadata, { id }).then(
      ({ intent }) => current && setMetadata((intent?.metadata ?? {}) as Metadata),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [request, id, version, updatedAt]);
  return metadata;
}
