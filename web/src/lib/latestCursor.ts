import { graphql } from "@/gql";
import type { useRequest } from "@/lib/request";

const LatestCursor = graphql(`
  query LatestCursor {
    latestCursor
  }
`);

let asking: Promise<string | null> | null = null;

/** Where the reader's events stand, asked once for all who ask together; null when the server is out of reach. */
export function findLatestCursor(request: ReturnType<typeof useRequest>): Promise<string | null> {
  asking ??= request(LatestCursor, {})
    .then(
      ({ latestCursor }) => latestCursor,
      () => null,
    )
    .finally(() => {
      asking = null;
    });
  return asking;
}
