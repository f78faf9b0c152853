import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ProjectTag } from "@/components/ProjectTag";
import { ProjectsContext } from "@/lib/projects";
import { ProjectButton } from "./ProjectButton";
import { ProjectSwitcher } from "./ProjectSwitcher";

const projects = [
  { id: "1", name: "General", slug: "general", archived: false, hue: 0 },
  { id: "2", name: "Website", slug: "website", archived: false, hue: 90 },
  { id: "3", name: "新製品", slug: "project", archived: false, hue: 180 },
];
const [first, website] = projects;

beforeEach(() => {
  history.replaceState(null, "", "/");
  Element.prototype.scrollIntoView = vi.fn();
});

function show(path: string, known = projects) {
  history.replaceState(null, "", path);
  const chosen = known.find(({ slug }) => path.startsWith(`/p/${slug}`)) ?? null;
  const calls = { onOpenChange: vi.fn(), onNew: vi.fn() };
  render(
    <ProjectsContext value={{ projects: known, chosen, find: (id) => known.find((each) => each.id === id) }}>
      <ProjectButton look="row" onOpen={vi.fn()} />
      <ProjectTag project={first} />
      <ProjectSwitcher open {...calls} />
    </ProjectsContext>,
  );
  return calls;
}
const options = () => screen.getAllByRole("option").map((option) => option.textContent);

it("lists all projects and marks the chosen one", () => {
  show("/p/website/intents");
  expect(screen.getByRole("option", { current: true })).toHaveTextContent("Website");
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("Website");
  expect(screen.getAllByRole("option")).toHaveLength(6);
});

it.each([
  ["/intents/a1", "web{Enter}", "/p/website/intents"],
  ["/p/website/decisions/a1", "新{Enter}", "/p/project/decisions"],
  ["/p/website/intents/a1", "all{Enter}", "/intents/a1"],
  ["/p/website/c/a1", "{ArrowUp}{ArrowUp}{Enter}", "/c/a1"],
  ["/settings", "{ArrowDown}{ArrowDown}{Enter}", "/p/website/settings"],
])("leads from %s with the keys %s to %s", async (from, keys, to) => {
  const { onOpenChange } = show(from);
  await userEvent.type(screen.getByRole("combobox"), keys);
  expect(location.pathname).toBe(to);
  expect(onOpenChange).toHaveBeenCalledWith(false);
});

it("filters by name, without the commands", async () => {
  show("/");
  await userEvent.type(screen.getByRole("combobox"), "WEB");
  expect(options()).toEqual(["WWebsite"]);
  await userEvent.type(screen.getByRole("combobox"), "x");
  expect(screen.queryAllByRole("option")).toEqual([]);
  expect(screen.getByRole("status")).toHaveTextContent("No project has this name.");
});

it("opens the form for a new project", async () => {
  const { onNew } = show("/");
  await userEvent.click(screen.getByRole("option", { name: "New project" }));
  expect(onNew).toHaveBeenCalled();
});

it("shows the button and the names of projects only where there is something to choose", () => {
  show("/", first ? [first] : []);
  expect(screen.queryByRole("button", { name: /Project/, hidden: true })).toBeNull();
  expect(screen.queryByTitle("General")).toBeNull();
});

it("shows the names of projects in all projects, and not in one", () => {
  show("/");
  expect(screen.getByTitle("General")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Project: All projects", hidden: true })).toBeInTheDocument();
});

it("shows the chosen project on the button", () => {
  show(`/p/${website?.slug}`);
  expect(screen.queryByTitle("General")).toBeNull();
  expect(screen.getByRole("button", { name: "Project: Website", hidden: true })).toBeInTheDocument();
});
