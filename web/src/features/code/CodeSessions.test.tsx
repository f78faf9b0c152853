import { act, render, screen, within } from "@testing-library/react";
import type { Client, Sink } from "graphql-ws";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Provider } from "urql";
import type { CodeSessionsOfIntentQuery } from "@/gql/graphql";
import type { Connection, LiveSocket } from "@/lib/liveSocket";
import { createGraphQLClient } from "@/lib/request";
import { SocketContext } from "@/lib/socketContext";
import { CodeSessions } from "./CodeSessions";

type Session = NonNullable<CodeSessionsOfIntentQuery["intent"]>["codeSessions"][number];
type Execution = Session["executions"][number];

const INTENT = "i1";
const begun: Execution = {
  executionOrder: 1,
  toolName: "Bash",
  input: { command: "make check" },
  output: null,
  success: false,
  errorMessage: null,
  errorKey: null,
  errorParams: null,
  durationMs: null,
};
const running: Session = {
  id: "s1",
  status: "running",
  startedAt: "2026-11-25T01:00:00Z",
  totalDurationSeconds: null,
  errorMessage: null,
  errorKey: null,
  errorParams: null,
  executions: [begun],
};

/** Renders the sessions that the server returns; `happens` sends an event of an intent. */
function open(first: Session[]) {
  const server = { sessions: first };
  const fetch = vi.fn(() => {
    const data: CodeSessionsOfIntentQuery = { intent: { id: INTENT, codeSessions: server.sessions } };
    return Promise.resolve(new Response(JSON.stringify({ data }), { headers: { "content-type": "application/json" } }));
  });
  vi.stubGlobal("fetch", fetch);
  let heard: Sink | undefined;
  const client = {
    subscribe: (_: unknown, sink: Sink) => {
      heard = sink;
      return () => undefined;
    },
  } as unknown as Client;
  const socket = { client, getConnection: (): Connection => "connected", onConnection: () => () => undefined };
  render(
    <Provider value={createGraphQLClient("http://localhost/graphql")}>
      <SocketContext value={socket as unknown as LiveSocket}>
        <CodeSessions intentId={INTENT} />
      </SocketContext>
    </Provider>,
  );
  const happens = (subjectId: string, cursor: string) =>
    act(() => Promise.resolve(heard?.next({ data: { eventAppended: { cursor, kind: "INTENT_UPDATED", subjectId } } })));
  return { server, fetch, happens };
}

describe("CodeSessions", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("shows each call when it starts, and its result", async () => {
    const { server, happens } = open([running]);
    const runs = await screen.findByRole("region", { name: "Code sessions" });
    expect(within(runs).getByText("make check", { selector: "summary *" })).toBeInTheDocument();
    expect(within(runs).getAllByText("Running").length).toBeGreaterThan(0);

    const done = { ...begun, output: "all is well", success: true, durationMs: 1_500 };
    const refused = {
      ...begun,
      executionOrder: 2,
      toolName: "Read",
      input: null,
      errorMessage: "outside",
      durationMs: 2,
    };
    server.sessions = [{ ...running, status: "failed", errorMessage: "It gave up.", executions: [done, refused] }];
    await happens(INTENT, "c1");
    expect(await within(runs).findByText("all is well")).toBeInTheDocument();
    expect(within(runs).getByText("outside")).toBeInTheDocument();
    expect(within(runs).getByText("It gave up.")).toBeInTheDocument();
    expect(within(runs).getByText("2 calls")).toBeInTheDocument();
    expect(within(runs).queryByText("Running")).toBeNull();
  });

  it("ignores events of other intents", async () => {
    const { fetch, happens } = open([running]);
    await screen.findByRole("region", { name: "Code sessions" });
    const asked = fetch.mock.calls.length;
    await happens("another", "c1");
    expect(fetch).toHaveBeenCalledTimes(asked);
  });

  it("shows a call without a result as interrupted when its session has ended", async () => {
    open([{ ...running, status: "failed" }]);
    expect(await screen.findByText("Interrupted")).toBeInTheDocument();
  });

  it("shows nothing without sessions", async () => {
    const { fetch } = open([]);
    await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
    expect(screen.queryByRole("region")).toBeNull();
  });
});
