import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TextBoundary, ViewBoundary } from "./Failed";

// React reports caught errors to the console.
beforeEach(() => vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

let broken = true;
function Part() {
  if (broken) throw new RangeError("Maximum call stack size exceeded");
  return <p>the part</p>;
}

it("shows the rest of the page, and the part when it is tried again", () => {
  broken = true;
  render(
    <>
      <ViewBoundary resetKey="a">
        <Part />
      </ViewBoundary>
      <p>the rest</p>
    </>,
  );
  expect(screen.getByRole("alert")).toHaveTextContent("This part of the page cannot be shown.");
  expect(screen.getByText("the rest")).toBeInTheDocument();
  broken = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("the part")).toBeInTheDocument();
});

it("shows another page without being asked", () => {
  broken = true;
  const view = (key: string) => (
    <ViewBoundary resetKey={key}>
      <Part />
    </ViewBoundary>
  );
  const { rerender } = render(view("a"));
  broken = false;
  rerender(view("b"));
  expect(screen.getByText("the part")).toBeInTheDocument();
});

it("shows the text of a message that cannot be rendered", () => {
  broken = true;
  render(
    <TextBoundary resetKey="a" source="what was written">
      <Part />
    </TextBoundary>,
  );
  expect(screen.getByText("what was written")).toBeInTheDocument();
});
