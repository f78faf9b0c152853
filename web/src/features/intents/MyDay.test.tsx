import { render, renderHook, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Client } from "graphql-ws";
import type { ReactNode } from "react";
import { Provider } from "urql";
import { afterEach, expect, it, vi } from "vitest";
import type { IntentStatus } from "@/gql/graphql";
import { openStatuses } from "@/lib/boardPages";
import type { Connection, LiveSocket } from "@/lib/liveSocket";
import { createGraphQLClient } from "@/lib/request";
import { SocketContext } from "@/lib/socketContext";
import { MyDay, usePagesWhile } from "./MyDay";
import { type Intent, IntentsProvider } from "./useIntents";
import { Workbench } from "./useWorkbench";

afterEach(() => vi.unstubAllGlobals());

type Asked = { after: string | null; status: IntentStatus[]; labels: string[] | null };
const isOfProgress = ({ status }: Asked) => status.length === 1 && status[0] === "PROCESSING";

/** Overdue to-dos with this label, in the order of their ids. */
const overdue = (label: string, count: number): Partial<Intent>[] =>
  Array.from({ length: count }, (_, place) => ({
    id: `${label}${100 + place}`,
    description: `${label}${100 + place}`,
    status: "PENDING",
    assignee: "PERSON",
    labels: [label],
    priority: 0,
    dueAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    contradictions: [],
  }));

/** A server whose lists have the rows of `answer`; it fails without any. */
function serve(answer: (asked: Asked) => Partial<Intent>[] | undefined) {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    const { operationName, variables } = JSON.parse(body) as { operationName: string; variables: Asked };
    if (operationName !== "IntentList") return Promise.resolve(Response.json({ data: { latestCursor: "0" } }));
    asked.push(variables);
    const rows = answer(variables);
    if (!rows) return Promise.resolve(Response.json({ errors: [{ message: "away" }] }));
    const start = Number(variables.after ?? 0);
    const edges = rows.slice(start, start + 50).map((node) => ({ node }));
    const pageInfo = { hasNextPage: start + 50 < rows.length, endCursor: String(start + 50) };
    return Promise.resolve(Response.json({ data: { intents: { edges, pageInfo } } }));
  });
  const client = { subscribe: () => () => undefined } as unknown as Client;
  const socket = { client, getConnection: (): Connection => "connected", onConnection: () => () => undefined };
  const urql = createGraphQLClient("http://localhost/graphql");
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Provider value={urql}>
      <SocketContext value={socket as unknown as LiveSocket}>
        <IntentsProvider>
          <Workbench>{children}</Workbench>
        </IntentsProvider>
      </SocketContext>
    </Provider>
  );
  return { asked, wrapper };
}

const all = { type: null, assignee: null, label: null, words: "" };

it("reads every part again after one of them failed", async () => {
  let fails = true;
  const { wrapper } = serve((asked) => (isOfProgress(asked) && fails ? undefined : []));
  render(<MyDay filter={all} />, { wrapper });
  const retry = await screen.findByRole("button", { name: "Try again" });
  fails = false;
  await userEvent.click(retry);
  expect(await screen.findByText("Nothing is due today")).toBeVisible();
});

it("reads pages while their rows are wanted, also with another filter", async () => {
  const { asked, wrapper } = serve(({ labels }) => (labels ? overdue(labels[0] ?? "", 60) : []));
  const readToEnd = (label: string) =>
    vi.waitFor(() => expect(asked).toContainEqual(expect.objectContaining({ labels: [label], after: "50" })));
  const { rerender } = renderHook(
    (label: string) => usePagesWhile({ ...all, label, statuses: openStatuses }, () => true),
    { initialProps: "a", wrapper },
  );
  await readToEnd("a");
  rerender("b");
  await readToEnd("b");
});
