import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { Collection, newestFirst } from "./collection";
import type { Connection, LiveSocket } from "./liveSocket";
import { SocketContext } from "./socketContext";
import { usePages } from "./usePages";

type Row = { id: string; kind: string };
type Page = { edges: { node: Row }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

const page = (rows: Row[], next: string | null = null): Page => ({
  edges: rows.map((node) => ({ node })),
  pageInfo: { hasNextPage: next !== null, endCursor: next },
});

function Connected({ children }: { children: ReactNode }) {
  const socket = { getConnection: (): Connection => "connected", onConnection: () => () => undefined };
  return <SocketContext value={socket as unknown as LiveSocket}>{children}</SocketContext>;
}

/** A list whose every question is answered by the test. */
function listOf(scope: string) {
  const rows = new Collection<Row>(newestFirst);
  const asked: { scope: string; after: string | null; answer: (page: Page) => Promise<void> }[] = [];
  const hook = renderHook(
    (kind: string) =>
      usePages(rows, {
        read: (after) =>
          new Promise<Page>((resolve) => {
            asked.push({
              scope: kind,
              after,
              answer: (found) =>
                act(async () => {
                  resolve(found);
                  await Promise.resolve();
                }),
            });
          }),
        lists: (row) => row.kind === kind,
        scope: kind,
      }),
    { initialProps: scope, wrapper: Connected },
  );
  return { rows, asked, ...hook };
}

describe("usePages", () => {
  it("begins another list at its beginning, however far the one before was read", async () => {
    const { asked, result, rerender } = listOf("open");
    await asked[0]?.answer(page([{ id: "b", kind: "open" }], "after b"));
    act(() => result.current.loadMore());
    expect(asked[1]).toMatchObject({ scope: "open", after: "after b" });
    rerender("ended");
    expect(asked[2]).toMatchObject({ scope: "ended", after: null });
  });

  it("is loading, and knows of no further page, until the list that is shown has answered", async () => {
    const { asked, result, rerender } = listOf("open");
    await asked[0]?.answer(page([], "more of the open"));
    expect(result.current).toMatchObject({ loading: false, hasMore: true });
    rerender("ended");
    expect(result.current).toMatchObject({ loading: true, hasMore: false });
    await asked[1]?.answer(page([]));
    expect(result.current).toMatchObject({ loading: false, hasMore: false });
  });

  it("is not led astray by the late answer of a list that is no longer shown", async () => {
    const { asked, result, rerender, rows } = listOf("open");
    rerender("ended");
    await asked[1]?.answer(page([{ id: "e", kind: "ended" }]));
    await asked[0]?.answer(page([{ id: "a", kind: "open" }], "more of the open"));
    expect(result.current).toMatchObject({ loading: false, hasMore: false });
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["e", "a"]);
  });
});
