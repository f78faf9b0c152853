import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { Provider } from "urql";
import { describe, expect, it } from "vitest";
import { Collection, newestFirst } from "./collection";
import type { Connection, LiveSocket } from "./liveSocket";
import { createGraphQLClient } from "./request";
import { SocketContext } from "./socketContext";
import { type Page, useLiveCollection } from "./useLiveCollection";

const client = createGraphQLClient("http://localhost/graphql");

type Row = { id: string; kind: string };

const page = (rows: Row[], next: string | null = null): Page<Row> => ({ rows, next });

const row = (id: string): Row => ({ id, kind: "open" });

function Connected({ children }: { children: ReactNode }) {
  const socket = { getConnection: (): Connection => "connected", onConnection: () => () => undefined };
  return (
    <Provider value={client}>
      <SocketContext value={socket as unknown as LiveSocket}>{children}</SocketContext>
    </Provider>
  );
}

/** A list whose requests the test answers. */
function listOf(scope: string, options: { contiguous?: boolean } = {}) {
  const rows = new Collection<Row>(newestFirst);
  const asked: { scope: string; after: string | null; answer: (page: Page<Row>) => Promise<void> }[] = [];
  const hook = renderHook(
    (kind: string) =>
      useLiveCollection({
        ...options,
        collection: rows,
        readPage: (after) =>
          new Promise<Page<Row>>((resolve) => {
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
        includes: (row) => row.kind === kind,
        scope: kind,
      }),
    { initialProps: scope, wrapper: Connected },
  );
  return { rows, asked, ...hook };
}

describe("useLiveCollection", () => {
  it("reads another filter from its first page", async () => {
    const { asked, result, rerender } = listOf("open");
    await asked[0]?.answer(page([{ id: "b", kind: "open" }], "after b"));
    act(() => result.current.loadMore());
    expect(asked[1]).toMatchObject({ scope: "open", after: "after b" });
    rerender("ended");
    expect(asked[2]).toMatchObject({ scope: "ended", after: null });
  });

  it("is loading, and has no further page, until the current filter has been read", async () => {
    const { asked, result, rerender } = listOf("open");
    await asked[0]?.answer(page([], "more of the open"));
    expect(result.current).toMatchObject({ loading: false, hasMore: true });
    rerender("ended");
    expect(result.current).toMatchObject({ loading: true, hasMore: false });
    await asked[1]?.answer(page([]));
    expect(result.current).toMatchObject({ loading: false, hasMore: false });
  });

  it("ignores the paging state of a late response for an earlier filter", async () => {
    const { asked, result, rerender, rows } = listOf("open");
    rerender("ended");
    await asked[1]?.answer(page([{ id: "e", kind: "ended" }]));
    await asked[0]?.answer(page([{ id: "a", kind: "open" }], "more of the open"));
    expect(result.current).toMatchObject({ loading: false, hasMore: false });
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["e", "a"]);
  });

  it("combines calls of reload during a read into one further read", async () => {
    const { asked, result } = listOf("open");
    act(() => {
      result.current.reload();
      result.current.reload();
    });
    expect(asked).toHaveLength(1);
    await asked[0]?.answer(page([]));
    expect(asked).toHaveLength(2);
    await asked[1]?.answer(page([]));
    expect(asked).toHaveLength(2);
  });

  it("keeps its place in a contiguous list when the first page is read again", async () => {
    const { asked, result, rows } = listOf("open", { contiguous: true });
    await asked[0]?.answer(page([row("d"), row("c")], "after c"));
    act(() => result.current.loadMore());
    await asked[1]?.answer(page([row("b")], "after b"));
    act(() => result.current.reload());
    await asked[2]?.answer(page([row("d"), row("c")], "after c"));
    act(() => result.current.loadMore());
    expect(asked[3]).toMatchObject({ after: "after b" });
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["d", "c", "b"]);
  });

  it("replaces a contiguous list when its new first page shares no row with it", async () => {
    const { asked, result, rows } = listOf("open", { contiguous: true });
    await asked[0]?.answer(page([row("b"), row("a")], "after a"));
    act(() => result.current.reload());
    await asked[1]?.answer(page([row("z"), row("y")], "after y"));
    expect(rows.getSnapshot().map(({ id }) => id)).toEqual(["z", "y"]);
    act(() => result.current.loadMore());
    expect(asked[2]).toMatchObject({ after: "after y" });
  });
});
