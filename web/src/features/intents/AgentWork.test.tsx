import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { AgentWork, pathsIn } from "./AgentWork";

it("shows the agent and the paths, and nothing without them", () => {
  const { container, rerender } = render(
    <AgentWork metadata={{ agent: "agent:claude-code", paths: ["web/login", "app/*.py"] }} />,
  );
  expect(screen.getByText("Recorded by the agent").nextSibling).toHaveTextContent("claude-code");
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["web/login", "app/*.py"]);
  rerender(<AgentWork metadata={{ agent: "somebody", paths: "all" }} />);
  expect(container).toBeEmptyDOMElement();
});

it("shows fifty paths and how many more there are", () => {
  const paths = Array.from({ length: 60 }, (_, number) => `p${number}`);
  render(<AgentWork metadata={{ paths }} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(51);
  expect(screen.getByText("and 10 more")).toBeInTheDocument();
});

it("reads only texts, each once", () => {
  expect(pathsIn({ paths: ["a", 1, null, "a", "b"] })).toEqual(["a", "b"]);
});
