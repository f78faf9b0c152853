import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Client } from "graphql-ws";
import { Provider } from "urql";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ToastProvider } from "@/components/Toasts";
import type { ProjectFieldsFragment } from "@/gql/graphql";
import type { Connection, LiveSocket } from "@/lib/liveSocket";
import * as offlineCache from "@/lib/offlineCache";
import { createGraphQLClient } from "@/lib/request";
import { SocketContext } from "@/lib/socketContext";
import { InvitePage } from "./InvitePage";
import { Members } from "./Members";
import { ProjectsProvider, useProjectList } from "./useProjectList";

const joinedAt = "2026-01-01T00:00:00Z";
const ann = { userId: "1", userName: "ann", displayName: "Ann", role: "ADMIN", joinedAt } as const;
const ben = { userId: "2", userName: "ben", displayName: "Ben", role: "READER", joinedAt } as const;
const project: ProjectFieldsFragment = {
  id: "p2",
  name: "Website",
  slug: "website",
  description: null,
  repositories: [],
  archived: false,
  role: "ADMIN",
  muted: false,
  members: [ann, ben],
  formerMembers: [],
  createdAt: joinedAt,
  updatedAt: joinedAt,
};
const own = { ...project, id: "p1", name: "General", slug: "general", members: [ann] };

type Sent = { query: string; variables: Record<string, unknown> };

/** A server with these projects; `answer` gives the result of a mutation. */
function serve(projects: ProjectFieldsFragment[], access: string, answer: (sent: Sent) => object = () => ({})) {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    const asked = JSON.parse(body) as Sent;
    if (asked.query.includes("mutation")) sent.push(asked);
    const viewer = { id: "1", access, defaultProject: { id: "p1" } };
    const list = { edges: projects.map((node) => ({ node })), pageInfo: { hasNextPage: false, endCursor: null } };
    const data = asked.query.includes("mutation")
      ? answer(asked)
      : asked.query.includes("latestCursor")
        ? { data: { latestCursor: "1" } }
        : { data: { viewer, projects: list } };
    return Promise.resolve(new Response(JSON.stringify(data), { headers: { "Content-Type": "application/json" } }));
  });
  return sent;
}

function Shown() {
  const { current } = useProjectList();
  return current ? <Members project={current} /> : null;
}

type Sink = { next: (result: object) => void };

function show(page = <Shown />, path = "/p/website/project") {
  history.replaceState(null, "", path);
  const sinks: Sink[] = [];
  const socket = {
    client: { subscribe: (_: unknown, sink: Sink) => (sinks.push(sink), () => undefined) } as unknown as Client,
    onConnection: () => () => undefined,
    getConnection: (): Connection => "connected",
  } as unknown as LiveSocket;
  render(
    <Provider value={createGraphQLClient("http://localhost/graphql")}>
      <SocketContext value={socket}>
        <ToastProvider>
          <ProjectsProvider>{page}</ProjectsProvider>
        </ToastProvider>
      </SocketContext>
    </Provider>,
  );
  return (kind: string) => {
    const event = { cursor: kind, kind, subjectId: "p2", causedBy: null, payload: {}, createdAt: joinedAt };
    for (const sink of sinks) sink.next({ data: { eventAppended: event } });
  };
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());
const members = () => screen.findByRole("region", { name: "Members" });

it("lets an admin change roles and remove a member by their user name", async () => {
  const removed = { ...project, members: [ann], formerMembers: [{ userId: "2", displayName: "Ben" }] };
  const sent = serve([own, project], "SESSION", ({ variables }) => ({
    data: { setProjectMember: variables.role === null ? removed : project },
  }));
  show();
  await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Role of Ben" }), "Member");
  expect(sent.at(-1)?.variables).toEqual({ projectId: "p2", userName: "ben", role: "MEMBER" });
  await userEvent.click(screen.getByRole("button", { name: "Remove Ben" }));
  await userEvent.click(screen.getByRole("button", { name: "Remove" }));
  expect(sent.at(-1)?.variables).toEqual({ projectId: "p2", userName: "ben", role: null });
  await waitFor(() => expect(screen.queryByText("Ben")).toBeNull());
});

it("shows the members to a reader without anything to change but the notifications and leaving", async () => {
  const read = {
    ...project,
    role: "READER" as const,
    members: [
      { ...ann, userId: "3" },
      { ...ben, userId: "1" },
    ],
  };
  serve([own, read], "SESSION");
  show();
  const region = await members();
  expect(within(region).getAllByRole("listitem")).toHaveLength(2);
  expect(within(region).queryByRole("combobox")).toBeNull();
  expect(within(region).queryByRole("button", { name: /Remove|Create a link|Add/ })).toBeNull();
  expect(within(region).getByRole("button", { name: "Leave the project" })).toBeInTheDocument();
  expect(within(region).getByRole("checkbox", { name: "No notifications of this project" })).not.toBeChecked();
});

it("keeps nothing of a project that the reader leaves, and does not call it gone", async () => {
  const clear = vi.spyOn(offlineCache, "clearOfflineCache");
  const left = { ...project, role: null, members: [ben] };
  serve([own, project], "SESSION", () => ({ data: { setProjectMember: left } }));
  const send = show();
  await userEvent.click(await screen.findByRole("button", { name: "Leave the project" }));
  await userEvent.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Leave the project" }));
  await screen.findByText("You left “Website”.");
  act(() => send("PROJECT_DELETED"));
  await waitFor(() => expect(clear).toHaveBeenCalledOnce());
  await waitFor(() => expect(localStorage.getItem("resonant.cacheOwner")).toContain("1"));
  expect(screen.queryByText(/is no longer available to you/)).toBeNull();
});

it("says that a project is gone from which the reader was removed", async () => {
  serve([own, project], "SESSION");
  const send = show();
  await members();
  act(() => send("PROJECT_DELETED"));
  expect(await screen.findByText("“Website” is no longer available to you")).toBeInTheDocument();
});

it("creates an invitation link for the chosen role and copies it", async () => {
  const url = "http://localhost/invite/rei_abc";
  const user = userEvent.setup();
  const sent = serve([own, project], "SESSION", () => ({
    data: { createInvitation: { url, expiresAt: "2099-01-01T00:00:00Z" } },
  }));
  show();
  await user.selectOptions(await screen.findByRole("combobox", { name: /^Role(?! of)/ }), "Reader");
  await user.click(screen.getByRole("button", { name: "Create a link" }));
  expect(await screen.findByRole("textbox", { name: "Invitation link" })).toHaveValue(url);
  expect(sent.at(-1)?.variables).toEqual({ projectId: "p2", role: "READER" });
  await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(url));
});

it("says on a local installation that inviting needs accounts", async () => {
  serve([own], "LOCAL");
  show(<Shown />, "/p/general/project");
  expect(await screen.findByText(/Inviting others needs accounts/)).toBeInTheDocument();
  expect(screen.queryByRole("region", { name: "Members" })).toBeNull();
});

it("joins the project of an invitation after the reader has agreed", async () => {
  const sent = serve([own], "SESSION", () => ({ data: { acceptInvitation: project } }));
  show(<InvitePage id="rei_abc" />, "/invite/rei_abc");
  expect(sent).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Join the project" }));
  await waitFor(() => expect(location.pathname).toBe("/p/website/project"));
  expect(sent[0]?.variables).toEqual({ code: "rei_abc" });
});

it("says why an invitation does not work", async () => {
  const message = "This invitation does not exist, was used, or has expired. Ask for a new one.";
  const extensions = { code: "NOT_FOUND", key: "invitation.not_found" };
  serve([own], "SESSION", () => ({ data: null, errors: [{ message, extensions }] }));
  show(<InvitePage id="rei_<script>" />, "/invite/rei_used");
  await userEvent.click(await screen.findByRole("button", { name: "Join the project" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("was used, or has expired");
  expect(screen.getByRole("heading", { name: "This invitation does not work" })).toBeInTheDocument();
});
