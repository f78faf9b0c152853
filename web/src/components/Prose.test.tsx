import { render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { Prose } from "./Prose";
import { FastScrollContext } from "./fastScroll";
import { cachedMarkdown } from "./markdown/cache";

const cached = (source: string) => cachedMarkdown(`0 false false Footnotes ${source}`);

it.each([false, true])(
  "renders Markdown, also when mounted during a fast scroll: %s",
  async (mountedWhileScrolling) => {
    render(
      <FastScrollContext value={() => mountedWhileScrolling}>
        <Prose text="This is **bold**." />
      </FastScrollContext>,
    );
    expect(await screen.findByText("bold")).toHaveProperty("tagName", "STRONG");
  },
);

it("follows a text that grows", async () => {
  const { rerender } = render(<Prose text="**one**" />);
  expect(await screen.findByText("one")).toBeInTheDocument();
  rerender(<Prose text="**one** and **two**" />);
  expect(await screen.findByText("two")).toHaveProperty("tagName", "STRONG");
});

it("caches a text once it is finished, and none of its stages", async () => {
  const { rerender } = render(<Prose text="**be" unfinished />);
  await screen.findByText("**be");
  rerender(<Prose text="**begun**" unfinished />);
  expect(await screen.findByText("begun")).toHaveProperty("tagName", "STRONG");
  expect(cached("**begun**")).toBeUndefined();
  rerender(<Prose text="**begun** and done" />);
  await screen.findByText("and done");
  await waitFor(() => expect(cached("**begun** and done")).toBeDefined());
  expect(["**be", "**begun**"].map(cached)).toEqual([undefined, undefined]);
});
