import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { PeopleContext } from "@/lib/people";
import { ProjectsContext } from "@/lib/projects";
import type { Conversation } from "./useConversations";
import { VisibilityPicker } from "./VisibilityPicker";

const project = {
  id: "p1",
  name: "Website",
  slug: "website",
  archived: false,
  hue: 0,
  members: [
    { userId: "1", displayName: "Ann" },
    { userId: "2", displayName: "Ben" },
  ],
};

function show(visibility: "PRIVATE" | "PROJECT", viewerId: string | null) {
  const conversation = { id: "c1", project, authorId: "1", visibility } as unknown as Conversation;
  render(
    <PeopleContext value={{ viewerId, hasOthers: true, find: () => undefined }}>
      <ProjectsContext value={{ projects: [project], chosen: null, find: () => project }}>
        <VisibilityPicker conversation={conversation} />
      </ProjectsContext>
    </PeopleContext>,
  );
}

it.each([
  ["PRIVATE", "1", "Only you"],
  ["PRIVATE", null, "Only you"],
  ["PROJECT", "1", "Members of “Website”"],
  ["PROJECT", "2", "Members of “Website”"],
] as const)("shows a %s conversation to the viewer %s as: %s", (visibility, viewerId, shown) => {
  show(visibility, viewerId);
  expect(screen.getByText(shown)).toBeInTheDocument();
  expect(screen.queryAllByRole("button")).toHaveLength(viewerId === "2" ? 0 : 1);
});
