import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { Prose } from "@/components/Prose";
import type { Citation } from "./context";
import { withSources } from "./sources";

const memory = (number: number, content: string): Citation => ({
  number,
  kind: "MEMORY",
  text: { title: content, excerpt: content, recordedAt: "2026-01-01T10:00:00Z" },
  record: { __typename: "Memory", id: `m${number}`, memoryProject: null },
});
const gone: Citation = { number: 3, kind: "MEMORY", text: null, record: null };
const citations = [memory(1, "The release is on Friday"), memory(2, "Bananas are yellow"), gone];

async function show(text: string, unfinished = false, given: readonly Citation[] = citations) {
  const { container } = render(<Prose text={text} citations={given} unfinished={unfinished} />);
  await waitFor(() => expect(container.querySelector(".prose-reply > p")).not.toHaveClass("whitespace-pre-wrap"));
  return container;
}
const numbers = () => screen.queryAllByRole("button").map(({ textContent }) => textContent);

describe("citations in a text", () => {
  it.each([
    ["On Friday [1]. Yellow [2].", ["[1]", "[2]"]],
    ["金曜日[1]。黄色[2][1]。", ["[1]", "[2]", "[1]"]],
    ["**bold** [1], *x*[2]", ["[1]", "[2]"]],
    ["a[1] f(x)[2] `[1]` [2](https://example.com) \\[[1]", []],
    ["Both [1, 2] and 二つ[2、1]", ["[1]", "[2]", "[2]", "[1]"]],
    ["values [1, 7], x = [1], [[1]] and [see [1]](https://example.com)", []],
    ["unknown [7] and [0] and [2024]", []],
  ])("makes buttons of the known numbers in %j", async (text, expected) => {
    await show(text);
    expect(numbers()).toEqual(expected);
  });

  it("changes neither code nor the text of other numbers", async () => {
    const container = await show("see [7], a[1] and `x[1]`\n\n```\n[1]\n```");
    expect(container).toHaveTextContent("see [7], a[1] and x[1]");
    expect(numbers().filter((name) => name === "[1]")).toEqual([]);
  });

  it("keeps the text of a number while the reply streams, and has no button then", async () => {
    const container = await show("On Friday [1].", true, []);
    expect(container).toHaveTextContent("On Friday [1].");
    expect(numbers()).toEqual([]);
  });

  it("shows the number of a deleted record without a card", async () => {
    await show("Gone [3].");
    expect(numbers()).toEqual([]);
    expect(screen.getByTitle("No longer available")).toHaveTextContent("[3]");
  });
});

describe("the card of a citation", () => {
  it("opens by keyboard focus, is entered with Enter and closes with Escape", async () => {
    await show("On Friday [1].");
    const button = screen.getByRole("button", { name: "Source 1: The release is on Friday" });
    await userEvent.tab();
    expect(button).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    const card = await screen.findByRole("dialog", { name: "Source 1" });
    expect(card).toHaveTextContent("The release is on Friday");
    await userEvent.tab();
    expect(screen.getByRole("link", { name: "Open" })).toHaveFocus();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(button).toHaveFocus();
  });

  it("opens by pointer and closes when the pointer leaves", async () => {
    await show("On Friday [1].");
    await userEvent.hover(screen.getByRole("button"));
    expect(await screen.findByRole("dialog", { name: "Source 1" })).toBeInTheDocument();
    expect(document.body).toHaveFocus();
    await userEvent.unhover(screen.getByRole("button", { hidden: true }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("opens by a tap", async () => {
    await show("On Friday [1].");
    await userEvent.pointer({ keys: "[TouchA]", target: screen.getByRole("button") });
    expect(await screen.findByRole("dialog", { name: "Source 1" })).toBeInTheDocument();
  });
});

it("adds the sources to a copied text", () => {
  expect(withSources("Friday [1].", citations.slice(0, 1), "Gone")).toBe(
    "Friday [1].\n\n- [1] The release is on Friday (2026-01-01)\n",
  );
  expect(withSources("Plain", [], "Gone")).toBe("Plain");
});
