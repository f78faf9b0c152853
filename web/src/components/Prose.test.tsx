import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Prose } from "./Prose";
import { HurryContext } from "./hurry";

it.each([false, true])("sets what it is given as Markdown in the end, in a hurry: %s", async (hurried) => {
  render(
    <HurryContext value={() => hurried}>
      <Prose text="This is **bold**." />
    </HurryContext>,
  );
  expect(await screen.findByText("bold")).toHaveProperty("tagName", "STRONG");
});

it("follows a text that goes on", async () => {
  const { rerender } = render(<Prose text="**one**" />);
  expect(await screen.findByText("one")).toBeInTheDocument();
  rerender(<Prose text="**one** and **two**" />);
  expect(await screen.findByText("two")).toHaveProperty("tagName", "STRONG");
});
