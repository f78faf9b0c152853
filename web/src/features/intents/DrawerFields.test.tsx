import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Client } from "graphql-ws";
import { Provider } from "urql";
import { afterEach, expect, it, vi } from "vitest";
import type { Connection, LiveSocket } from "@/lib/liveSocket";
import { createGraphQLClient } from "@/lib/request";
import { SocketContext } from "@/lib/socketContext";
import { DrawerFields } from "./DrawerFields";
import { type Intent, IntentsProvider, useIntents } from "./useIntents";

afterEach(() => vi.unstubAllGlobals());

const toDo = {
  id: "a",
  project: { id: "1" },
  description: "water the plants",
  status: "PENDING",
  assignee: "PERSON",
  labels: ["home"],
  priority: 0,
  dueAt: "2099-01-05T01:00:00Z",
  recurrence: "FREQ=WEEKLY;BYDAY=MO",
  version: 1,
  updatedAt: "2026-01-01T00:00:00Z",
  contradictions: [],
} as unknown as Intent;

type Input = Partial<Intent> & { expectedVersion: number };

/** The drawer of the intent as it was last read. */
function Shown() {
  const { find } = useIntents();
  return <DrawerFields intent={find("a") ?? toDo} />;
}

/** A server with one intent, which refuses changes of another version. */
function serve(first: Intent) {
  let stored = first;
  const changes: Input[] = [];
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    const { operationName, variables } = JSON.parse(body) as { operationName: string; variables: { input: Input } };
    if (operationName !== "UpdateIntent") return Promise.resolve(Response.json({ data: { intent: stored } }));
    changes.push(variables.input);
    if (variables.input.expectedVersion === stored.version) {
      stored = { ...stored, ...variables.input, version: stored.version + 1 };
      return Promise.resolve(Response.json({ data: { updateIntent: stored } }));
    }
    const extensions = { code: "CONFLICT", key: "intent.changed", params: {} };
    return Promise.resolve(Response.json({ errors: [{ message: "changed", extensions }] }));
  });
  const client = { subscribe: () => () => undefined } as unknown as Client;
  const socket = { client, getConnection: (): Connection => "connected", onConnection: () => () => undefined };
  render(
    <Provider value={createGraphQLClient("http://localhost/graphql")}>
      <SocketContext value={socket as unknown as LiveSocket}>
        <IntentsProvider>
          <Shown />
        </IntentsProvider>
      </SocketContext>
    </Provider>,
  );
  return changes;
}

async function label(words: string) {
  await userEvent.click(screen.getByRole("button", { name: "Labels: home" }));
  await userEvent.clear(screen.getByRole("textbox", { name: /^Labels/ }));
  await userEvent.keyboard(`${words}{Enter}`);
}

it("saves over a change of another field, which is no conflict", async () => {
  const changes = serve({ ...toDo, priority: 5, version: 2 });
  await label("garden");
  await vi.waitFor(() => expect(changes.map((each) => each.expectedVersion)).toEqual([1, 2]));
  expect(changes[1]).toMatchObject({ id: "a", labels: ["garden"] });
  await vi.waitFor(() => expect(screen.getByRole("button", { name: /^Labels/ })).toHaveFocus());
});

it("shows what the field was changed to meanwhile, keeps what was typed, and replaces it when saved again", async () => {
  const changes = serve({ ...toDo, labels: ["office"], version: 2 });
  await label("garden");
  expect(await screen.findByText(/It is now: office\./)).toBeVisible();
  expect(screen.getByRole("textbox", { name: /^Labels/ })).toHaveValue("garden");
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(changes.at(-1)).toMatchObject({ labels: ["garden"], expectedVersion: 2 }));
});

it("names the time when that was changed meanwhile, and not the repetition", async () => {
  serve({ ...toDo, dueAt: "2099-01-12T01:00:00Z", version: 2 });
  await userEvent.click(screen.getByRole("button", { name: /^Repeats/ }));
  await userEvent.selectOptions(screen.getByRole("combobox"), "Every day");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/It is now: Mon, Jan 12, /)).toBeVisible();
});

it("asks whether a new time of repeating work is for this one or for all that follow", async () => {
  const changes = serve(toDo);
  await userEvent.click(screen.getByRole("button", { name: /^Due/ }));
  await userEvent.click(screen.getByRole("radio", { name: "This and all following" }));
  const exact = screen.getByLabelText("Date and time");
  await userEvent.clear(exact);
  await userEvent.type(exact, "2099-01-06T10:00");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await vi.waitFor(() => expect(changes).toHaveLength(1));
  expect(changes[0]).toMatchObject({ recurrence: "FREQ=WEEKLY;BYDAY=TU", expectedVersion: 1 });
  expect(new Date(changes[0]?.dueAt ?? "")).toEqual(new Date(2099, 0, 6, 10));
});

it("closes an editor with Escape, and changes nothing", async () => {
  const changes = serve(toDo);
  await userEvent.click(screen.getByRole("button", { name: /^Priority/ }));
  await userEvent.keyboard("9{Escape}");
  expect(screen.getByRole("button", { name: "Priority: None" })).toHaveFocus();
  expect(changes).toEqual([]);
});

it("hands work over and takes it back, each time from what is shown", async () => {
  const changes = serve(toDo);
  for (const name of ["Assistant", "Me"]) {
    await userEvent.click(screen.getByRole("radio", { name }));
    await vi.waitFor(() => expect(screen.getByRole("radio", { name })).toBeChecked());
  }
  expect(changes.map((each) => each.expectedVersion)).toEqual([1, 2]);
});
