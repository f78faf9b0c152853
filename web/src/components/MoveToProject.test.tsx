import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Provider } from "urql";
import { afterEach, expect, it, vi } from "vitest";
import { MoveButton } from "@/components/MoveToProject";
import { ToastProvider } from "@/components/Toasts";
import { ProjectsContext } from "@/lib/projects";
import { createGraphQLClient } from "@/lib/request";

afterEach(() => vi.unstubAllGlobals());

const projects = ["General", "Website", "Shop"].map((name, place) => ({
  id: `p${place}`,
  name,
  slug: name.toLowerCase(),
  archived: false,
  hue: 0,
}));

function show(records: readonly { id: string; project: { id: string } | null }[]) {
  const fetch = vi.fn((_: unknown, options: { body: string }) => {
    const { variables } = JSON.parse(options.body) as { variables: { ids: string[] } };
    return Promise.resolve(Response.json({ data: { moveToProject: variables.ids.length } }));
  });
  vi.stubGlobal("fetch", fetch);
  render(
    <Provider value={createGraphQLClient("/graphql")}>
      <ProjectsContext value={{ projects, chosen: null, find: (id) => projects.find((each) => each.id === id) }}>
        <ToastProvider>
          <MoveButton records={records} />
        </ToastProvider>
      </ProjectsContext>
    </Provider>,
  );
  return () =>
    fetch.mock.calls.map(([, { body }]) => (JSON.parse(body) as { variables: Record<string, unknown> }).variables);
}

it("moves records of several projects, and back to where each was", async () => {
  const sent = show([
    { id: "a", project: { id: "p0" } },
    { id: "b", project: { id: "p2" } },
    { id: "c", project: { id: "p1" } },
    { id: "about me", project: null },
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Move to a project" }));
  await userEvent.click(screen.getByRole("menuitem", { name: "Website" }));
  expect(await screen.findByText("2 records moved to “Website”")).toBeInTheDocument();
  // The closing menu still takes pointer events here, without animations.
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() =>
    expect(sent()).toEqual([
      { ids: ["a", "b"], projectId: "p1" },
      { ids: ["a"], projectId: "p0" },
      { ids: ["b"], projectId: "p2" },
    ]),
  );
});

it("offers only other projects", async () => {
  show([{ id: "a", project: { id: "p1" } }]);
  await userEvent.click(screen.getByRole("button", { name: "Move to a project" }));
  expect(screen.getAllByRole("menuitem").map((item) => item.textContent)).toEqual(["General", "Shop"]);
});

it("offers nothing for what is about the person", () => {
  show([{ id: "about me", project: null }]);
  expect(screen.queryByRole("button", { name: "Move to a project" })).toBeNull();
});
