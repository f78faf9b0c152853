import { render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Markdown } from "./Markdown";
import { type Drawing, drawDiagram } from "./drawDiagram";

vi.mock("./drawDiagram", () => ({ drawDiagram: vi.fn<() => Promise<Drawing>>() }));

let enter: () => void;
beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(listener: (entries: { isIntersecting: boolean }[]) => void) {
        enter = () => listener([{ isIntersecting: true }]);
      }
      observe = vi.fn();
      disconnect = vi.fn();
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

const source = "flowchart LR\n  A --> B";
const show = () => render(<Markdown unfinished={false} text={`\`\`\`mermaid\n${source}\n\`\`\``} />);

it("draws a diagram when it is near the visible part of the page, and keeps its source", async () => {
  vi.mocked(drawDiagram).mockResolvedValue({ src: "data:image/svg+xml,x", width: 10, height: 20 });
  show();
  expect(screen.getByText(/A --> B/)).toBeInTheDocument();
  expect(drawDiagram).not.toHaveBeenCalled();
  enter();
  expect(await screen.findByRole("img")).toHaveAttribute("src", "data:image/svg+xml,x");
  expect(drawDiagram).toHaveBeenCalledExactlyOnceWith(source, false);
  expect(screen.getByText(/A --> B/)).toBeInTheDocument();
});

it("shows the source with a note when it cannot be drawn", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.mocked(drawDiagram).mockRejectedValue(new Error("Parse error on line 1"));
  show();
  enter();
  await waitFor(() => expect(screen.getByText(/cannot be drawn/)).toBeInTheDocument());
  expect(screen.getByText(/A --> B/)).toBeInTheDocument();
  expect(screen.queryByRole("img")).toBeNull();
  warn.mockRestore();
});
