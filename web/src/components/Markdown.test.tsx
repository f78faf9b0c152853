import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Markdown } from "./Markdown";

describe("Markdown", () => {
  it("shows headings, tables and code", () => {
    render(
      <Markdown unfinished={false} text={"# Plan\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint(1)\n```"} />,
    );
    expect(screen.getByRole("heading", { name: "Plan" })).toBeInTheDocument();
    expect(screen.getByRole("table")).toBeInTheDocument();
    expect(screen.getByText(/print/)).toBeInTheDocument();
  });

  it("renders hostile text harmlessly", () => {
    const { container } = render(
      <Markdown
        unfinished={false}
        text={
          "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[link](javascript:alert(1))\n\n<iframe src='//x'></iframe>\n\n![pic](https://example.com/track.png)"
        }
      />,
    );
    expect(container.querySelector("script, iframe, img, [onerror]")).toBeNull();
    for (const link of container.querySelectorAll("a")) expect(link.href).not.toMatch(/^javascript:/);
  });

  it("links to images of other hosts instead of loading them", () => {
    render(<Markdown unfinished={false} text="![diagram](https://example.com/a.png)" />);
    expect(screen.getByRole("link", { name: /diagram/ })).toHaveAttribute("href", "https://example.com/a.png");
  });
});
