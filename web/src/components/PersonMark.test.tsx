import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { ActorName } from "@/components/PersonMark";
import { Writing } from "@/components/Writing";
import type { ProjectRole } from "@/gql/graphql";
import { PeopleContext, hueOf, initialOf } from "@/lib/people";
import { ProjectsContext } from "@/lib/projects";

const ben = { userId: "2", displayName: "Ben" };

it.each([
  ["1", true, "You"],
  ["2", true, "Ben"],
  ["3", true, "A former member"],
  ["intent-bridge", true, "Assistant"],
  ["imported", false, "You"],
])("names the actor %s", (actor, hasOthers, expected) => {
  const find = (id: string) => (id === ben.userId ? ben : undefined);
  const { container } = render(
    <PeopleContext value={{ viewerId: "1", find, hasOthers }}>
      <ActorName actor={actor} />
    </PeopleContext>,
  );
  expect(container).toHaveTextContent(new RegExp(`${expected}$`));
});

it("gives a person the same colour everywhere, and others another one", () => {
  expect(hueOf("019b1c2e-0000-7000-8000-000000000001")).toBe(hueOf("019b1c2e-0000-7000-8000-000000000001"));
  const hues = Array.from({ length: 12 }, (_, place) => hueOf(`019b1c2e-0000-7000-8000-00000000000${place}`));
  expect(new Set(hues).size).toBeGreaterThan(9);
});

it.each([
  ["ada", "A"],
  ["田中", "田"],
  ["👩‍🚀 Mae", "👩‍🚀"],
  ["", ""],
])("takes the first character of %s as its initial", (name, initial) => {
  expect(initialOf(name)).toBe(initial);
});

const projectOf = (id: string, role?: ProjectRole) => ({
  id,
  name: id,
  slug: id,
  archived: false,
  hue: 0,
  ...(role ? { role } : {}),
});

it.each([
  ["a project that the viewer only reads", { project: { id: "read" } }, false],
  ["a project of the viewer", { project: { id: "own" } }, true],
  ["no project: it is about the person", { project: null }, true],
])("shows controls of a record in %s: %s", (_, record, shown) => {
  const projects = [projectOf("own"), projectOf("read", "READER")];
  const find = (id: string) => projects.find((each) => each.id === id);
  render(
    <ProjectsContext value={{ projects, chosen: find("read") ?? null, find }}>
      <Writing record={record}>
        <button type="button">Edit</button>
      </Writing>
    </ProjectsContext>,
  );
  expect(screen.queryAllByRole("button")).toHaveLength(shown ? 1 : 0);
});
