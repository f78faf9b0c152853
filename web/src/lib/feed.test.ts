import type { TypedDocumentNode } from "@urql/core";
import { parse } from "graphql";
import type { Client, Sink } from "graphql-ws";
import { describe, expect, it, vi } from "vitest";
import { followFeed } from "./feed";
import type { Connection, LiveSocket } from "./liveSocket";

type Data = { changed: { cursor: string } };
type Variables = { after?: string | null | undefined };
type Sent = { payload: { variables: Variables }; sink: Sink };

/** A socket that records what is sent and lets the test answer. */
function scriptedSocket() {
  const sent: Sent[] = [];
  const listeners = new Set<() => void>();
  const client = {
    subscribe: (payload: Sent["payload"], sink: Sink) => {
      sent.push({ payload, sink });
      return () => undefined;
    },
  } as unknown as Client;
  const socket = {
    client,
    getConnection: (): Connection => "connected",
    onConnection: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as LiveSocket;
  return { socket, sent, reconnect: () => listeners.forEach((listener) => listener()) };
}

const document = parse("subscription($after: String) { changed(after: $after) { cursor } }") as TypedDocumentNode<
  Data,
  Variables
>;

/** A feed that has read its cursor and has subscribed. */
async function follow(...latest: (string | null)[]) {
  const scripted = scriptedSocket();
  const onEvent = vi.fn();
  const onStart = vi.fn();
  const stop = followFeed<Data, Variables>(scripted.socket, {
    document,
    variables: {},
    cursorOf: (data) => data.changed.cursor,
    onEvent,
    onStart,
    latestCursor: () => Promise.resolve(latest.shift() ?? null),
  });
  expect(scripted.sent).toHaveLength(0);
  await vi.waitFor(() => expect(scripted.sent).toHaveLength(1));
  const [first] = scripted.sent;
  if (!first) throw new Error("nothing was subscribed to");
  return { ...scripted, first, onEvent, onStart, stop };
}

describe("followFeed", () => {
  it("reads the latest cursor, then reports the start and follows from that cursor", async () => {
    const { first, onStart } = await follow("c0");
    expect(first.payload.variables.after).toBe("c0");
    expect(onStart).toHaveBeenCalledTimes(1);
  });

  it("resumes after the last cursor that it received", async () => {
    const { first, onEvent, reconnect, onStart } = await follow("c0");
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    expect(onEvent).toHaveBeenCalledTimes(1);
    reconnect();
    expect(first.payload.variables.after).toBe("c1");
    expect(onStart).toHaveBeenCalledTimes(1);
  });

  it("starts again when the server can be reached", async () => {
    const { first, sent, reconnect, onStart } = await follow(null, "c5");
    expect(first.payload.variables.after).toBeNull();
    reconnect();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]?.payload.variables.after).toBe("c5");
    expect(onStart).toHaveBeenCalledTimes(2);
  });

  it("starts once, however often the connection is restored meanwhile", async () => {
    const { sent, reconnect } = await follow(null, "c5", "c6");
    reconnect();
    reconnect();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]?.payload.variables.after).toBe("c6");
  });

  it("does not start after it was stopped", async () => {
    const { sent, reconnect, stop } = await follow(null, "c5");
    reconnect();
    stop();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sent).toHaveLength(1);
  });

  it("delivers each event once, even when it arrives twice", async () => {
    const { first, onEvent } = await follow("c0");
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    expect(onEvent).toHaveBeenCalledTimes(1);
  });

  it("starts again without a cursor when its cursor has expired", async () => {
    const { first, sent, onStart } = await follow("c0", "c9");
    vi.useFakeTimers();
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    first.sink.error([{ message: "gone", extensions: { code: "CURSOR_EXPIRED" } }]);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(sent).toHaveLength(2);
    expect(sent[1]?.payload.variables.after).toBe("c9");
    expect(onStart).toHaveBeenCalledTimes(2);
  });
});
