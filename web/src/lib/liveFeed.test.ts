import type { TypedDocumentNode } from "@urql/core";
import { parse } from "graphql";
import type { Client, Sink } from "graphql-ws";
import { describe, expect, it, vi } from "vitest";
import { followFeed } from "./liveFeed";
import type { Connection, LiveSocket } from "./liveSocket";

type Data = { changed: { cursor: string } };
type Variables = { after?: string | null | undefined };
type Sent = { payload: { variables: Variables }; sink: Sink };

/** A socket that records what is sent and says what the test wants. */
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

function follow() {
  const scripted = scriptedSocket();
  const onEvent = vi.fn();
  const load = vi.fn();
  const stop = followFeed<Data, Variables>(scripted.socket, {
    document,
    variables: {},
    cursorOf: (data) => data.changed.cursor,
    onEvent,
    load,
  });
  const [first] = scripted.sent;
  if (!first) throw new Error("nothing was subscribed to");
  return { ...scripted, first, onEvent, load, stop };
}

describe("followFeed", () => {
  it("reads what is there when it starts without a position", () => {
    const { first, load } = follow();
    expect(first.payload.variables.after).toBeNull();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("resumes behind the last cursor it has seen", () => {
    const { first, onEvent, reconnect, load } = follow();
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    expect(onEvent).toHaveBeenCalledTimes(1);
    reconnect();
    expect(first.payload.variables.after).toBe("c1");
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("hands each event on once, even when it comes twice", () => {
    const { first, onEvent } = follow();
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    expect(onEvent).toHaveBeenCalledTimes(1);
  });

  it("starts afresh and reads everything again when its cursor has expired", async () => {
    vi.useFakeTimers();
    const { first, sent, load } = follow();
    first.sink.next({ data: { changed: { cursor: "c1" } } });
    first.sink.error([{ message: "gone", extensions: { code: "CURSOR_EXPIRED" } }]);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(sent).toHaveLength(2);
    expect(sent[1]?.payload.variables.after).toBeNull();
    expect(load).toHaveBeenCalledTimes(2);
  });
});
