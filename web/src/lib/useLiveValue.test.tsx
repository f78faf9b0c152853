import { act, renderHook } from "@testing-library/react";
import type { Client } from "graphql-ws";
import type { ReactNode } from "react";
import { Provider } from "urql";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Connection, LiveSocket } from "./liveSocket";
import { createGraphQLClient } from "./request";
import { SocketContext } from "./socketContext";
import { useLiveValue } from "./useLiveValue";

const SETTLE_MS = 500;
type Sink = { next: (result: unknown) => void };
let sink: Sink | null = null;

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ data: { latestCursor: "0" } })));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const client = createGraphQLClient("http://localhost/graphql");
const socket = {
  client: {
    subscribe: (_: unknown, next: Sink) => {
      sink = next;
      return () => undefined;
    },
  } as unknown as Client,
  getConnection: (): Connection => "connected",
  onConnection: () => () => undefined,
};
const wrapper = ({ children }: { children: ReactNode }) => (
  <Provider value={client}>
    <SocketContext value={socket as unknown as LiveSocket}>{children}</SocketContext>
  </Provider>
);

const event = (cursor: string) =>
  act(() => sink?.next({ data: { eventAppended: { cursor, kind: "INTENT_UPDATED", subjectId: "i" } } }));

it("reads once when it is shown, and once for the events of a moment", async () => {
  const read = vi.fn(() => Promise.resolve(read.mock.calls.length));
  const { result } = renderHook(() => useLiveValue({ read, kinds: ["INTENT_UPDATED"], settleMs: SETTLE_MS }), {
    wrapper,
  });
  await vi.waitFor(() => expect(result.current.value).toBe(1));
  vi.useFakeTimers();
  event("1");
  event("2");
  expect(read).toHaveBeenCalledOnce();
  await act(() => vi.advanceTimersByTimeAsync(SETTLE_MS));
  expect(result.current.value).toBe(2);
  expect(read).toHaveBeenCalledTimes(2);
});

it("keeps the last value when it cannot be read again", async () => {
  const read = vi.fn(() => Promise.resolve("first"));
  const { result } = renderHook(() => useLiveValue({ read, kinds: ["INTENT_UPDATED"], settleMs: SETTLE_MS }), {
    wrapper,
  });
  await vi.waitFor(() => expect(result.current.value).toBe("first"));
  read.mockRejectedValueOnce(new Error("away"));
  act(() => result.current.reload());
  await vi.waitFor(() => expect(result.current.failure).not.toBeNull());
  expect(result.current.value).toBe("first");
});
