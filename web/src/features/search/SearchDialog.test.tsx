import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Provider } from "urql";
import { afterEach, expect, it, vi } from "vitest";
import { createGraphQLClient } from "@/lib/request";
import { SearchDialog } from "./SearchDialog";

afterEach(() => vi.unstubAllGlobals());

const settings = {
  name: "Settings",
  names: ["Settings", "設定", "settings"],
  icon: "settings",
  route: { page: "settings", id: null },
} as const;
const overview = { ...settings, name: "Overview", names: ["Overview", "概況", "overview"] } as const;

function open(onOpenChange = vi.fn()) {
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(Response.json({ data: { search: [] } }))),
  );
  Element.prototype.scrollIntoView = vi.fn();
  render(
    <Provider value={createGraphQLClient("/graphql")}>
      <SearchDialog open onOpenChange={onOpenChange} navItems={[overview, settings]} />
    </Provider>,
  );
  return onOpenChange;
}

it.each(["settings", "SET", "設定", " ｓｅｔｔ "])("offers the page whose name begins with %j", async (query) => {
  open();
  await userEvent.type(screen.getByRole("combobox"), query);
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["SettingsPage"]);
});

it("opens the page with Enter, without waiting for the results", async () => {
  const onOpenChange = open();
  await userEvent.type(screen.getByRole("combobox"), "settings{Enter}");
  expect(onOpenChange).toHaveBeenCalledWith(false);
  expect(location.pathname).toBe("/settings");
});

it.each(["dark", "ダーク"])("runs the command that %j names, by the keyboard alone", async (query) => {
  const run = vi.fn();
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(Response.json({ data: { search: [] } }))),
  );
  Element.prototype.scrollIntoView = vi.fn();
  const dark = { id: "dark", icon: "image", name: "Dark theme", names: ["Dark theme", "ダークテーマ"], run } as const;
  const light = { ...dark, id: "light", name: "Dark sky", names: ["Dark sky", "ダークな空"], run: vi.fn() } as const;
  render(
    <Provider value={createGraphQLClient("/graphql")}>
      <SearchDialog open onOpenChange={vi.fn()} navItems={[]} commands={[light, dark]} />
    </Provider>,
  );
  await userEvent.type(screen.getByRole("combobox"), `${query}{ArrowDown}{Enter}`);
  await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
  expect(light.run).not.toHaveBeenCalled();
});

it("shows why a hit matched, and the records that say the same on request", async () => {
  const record = (typename: string, id: string, snippet: string, more: object) => ({
    __typename: "SearchHit",
    snippet,
    occurredAt: "2026-11-01T00:00:00Z",
    node: { __typename: typename, id, project: { id: "p", slug: "general" }, ...more },
  });
  const decision = { number: 1, title: "Kafka", decisionStatus: "SUPERSEDED", validUntil: "2026-11-03T03:00:00Z" };
  const hit = {
    ...record("Intent", "i", "Move the queue to Kafka", { description: "Move the queue", status: "COMPLETED" }),
    reasons: ["WORDS", "MEANING"],
    also: [record("Decision", "d", "Kafka for orders", decision)],
  };
  open();
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(Response.json({ data: { search: [hit] } }))),
  );
  await userEvent.type(screen.getByRole("combobox"), "kafka");
  expect(await screen.findByText("same words · similar meaning")).toBeVisible();
  expect(screen.queryByText("until Nov 3, 2026")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "1 more record says this" }));
  expect(screen.getByText("until Nov 3, 2026")).toBeVisible();
  await userEvent.keyboard("{Alt>}{ArrowLeft}{/Alt}");
  expect(screen.queryByText("until Nov 3, 2026")).toBeNull();
});

it("rates a hit by the keyboard alone, and shows the rating without moving the hit", async () => {
  const hit = (id: string, content: string) => ({
    __typename: "SearchHit",
    snippet: content,
    occurredAt: "2026-11-01T00:00:00Z",
    rating: null,
    node: { __typename: "Memory", id, content, memoryProject: null },
    reasons: ["WORDS"],
    also: [],
  });
  const sent: unknown[] = [];
  open();
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    const { operationName, variables } = JSON.parse(body) as {
      operationName: string;
      variables: { input?: { rating: string } };
    };
    if (operationName === "SearchEverything") {
      return Promise.resolve(Response.json({ data: { search: [hit("1", "office in Osaka"), hit("2", "office")] } }));
    }
    sent.push(variables);
    return Promise.resolve(
      Response.json({ data: { rateSearchHit: variables.input?.rating ?? null, deleteMemory: "1" } }),
    );
  });
  const names = () => screen.getAllByRole("option").map((option) => option.textContent);
  await userEvent.type(screen.getByRole("combobox"), "office");
  await vi.waitFor(() => expect(names()[0]).toContain("office in Osaka"));
  await userEvent.keyboard("{Shift>}{Enter}{/Shift}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
  expect(await screen.findByText("same words · you marked it outdated")).toBeVisible();
  expect(sent).toEqual([{ input: { id: "1", query: "office", rating: "OUTDATED" } }]);
  expect(names()[0]).toContain("office in Osaka");
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(sent.at(-1)).toEqual({ input: { id: "1", query: "office", rating: null } }));
  await vi.waitFor(() => expect(screen.queryByText("Forget the memory")).toBeNull());
  await userEvent.keyboard("{Enter}");
  await userEvent.click(await screen.findByText("Forget the memory"));
  await vi.waitFor(() => expect(names().join()).not.toContain("office in Osaka"));
  expect(sent.at(-1)).toEqual({ id: "1" });
});
