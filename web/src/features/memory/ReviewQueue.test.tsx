import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { ReviewQueue } from "./ReviewQueue";
import type { Memory } from "./useMemories";
import type { Review } from "./useReview";

const memory = (content: string): Memory => ({
  id: content,
  project: { id: "p" },
  content,
  kind: "LONGTERM",
  importance: 0.5,
  accessCount: 0,
  lastAccessedAt: null,
  expiresAt: null,
  archived: false,
  tags: [],
  createdAt: "2026-11-01T00:00:00Z",
  reviewedAt: null,
  source: {
    __typename: "Message",
    id: `said ${content}`,
    content: `By the way, ${content}.`,
    messageType: "USER",
    conversation: { id: "c", project: { id: "p", slug: "general" } },
  },
  supersededBy: null,
});

const failure = new Error("away");

/** A queue with these memories; what is kept, changed or forgotten leaves it, unless the server is `away`. */
function show(contents: readonly string[], away = false) {
  const done: string[] = [];
  function Queue() {
    const [waiting, setWaiting] = useState(contents.map(memory));
    const leave = (what: string, id: string | number) => {
      if (away) return Promise.reject(failure);
      done.push(`${what} ${id}`);
      setWaiting((now) => now.filter((each) => each.id !== id));
      return Promise.resolve();
    };
    const review: Partial<Review> = {
      waiting,
      loading: false,
      failure: null,
      hasMore: false,
      keep: ({ id }) => leave("keep", id),
      forget: ({ id }) => leave("forget", id),
      save: ({ id, content }) => leave(`save as ${content}:`, id ?? ""),
    };
    return <ReviewQueue review={review as Review} />;
  }
  render(<Queue />);
  return done;
}

const button = (name: string, place: number) =>
  screen.getAllByRole("button", { name }).find((_, each) => each === place) ?? document.body;
const focused = () => document.activeElement?.getAttribute("data-memory");

it("focuses one memory at a time, and keys keep and forget it", async () => {
  const done = show(["one", "two", "three"]);
  expect(focused()).toBe("one");
  await userEvent.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}");
  expect(focused()).toBe("two");
  await userEvent.keyboard("k");
  expect(focused()).toBe("three");
  await userEvent.keyboard("F");
  expect(focused()).toBe("one");
  await userEvent.keyboard("k");
  expect(done).toEqual(["keep two", "forget three", "keep one"]);
  expect(screen.getByText("All memories are reviewed")).toBeVisible();
});

it("shows what was said, with a link to it", () => {
  show(["one"]);
  const link = screen.getByRole("link", { name: "From: By the way, one." });
  expect(link).toHaveAttribute("href", "/c/c#said one");
});

it("edits with a key, and focuses the next memory after it was changed", async () => {
  const done = show(["one", "two"]);
  await userEvent.keyboard("e");
  const field = screen.getByRole("textbox", { name: "What is to be remembered?" });
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(focused()).toBe("one"));
  expect(field).not.toBeInTheDocument();
  await userEvent.keyboard("e");
  await userEvent.type(screen.getByRole("textbox", { name: "What is to be remembered?" }), " kept");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(focused()).toBe("two"));
  expect(done).toEqual(["save as one kept: one"]);
});

it("has buttons for each memory", async () => {
  const done = show(["one", "two"]);
  await userEvent.click(button("Forget", 1));
  await userEvent.click(screen.getByRole("button", { name: "Keep" }));
  expect(done).toEqual(["forget two", "keep one"]);
});

it("leaves a memory in the list when the server fails", async () => {
  const done = show(["one"], true);
  await userEvent.keyboard("k");
  expect(done).toEqual([]);
  expect(screen.getByText("one")).toBeVisible();
  await waitFor(() => expect(focused()).toBe("one"));
});

describe("no key acts", () => {
  it.each([
    ["while the input method composes", { isComposing: true }],
    ["when only the key code shows it", { keyCode: 229 }],
    ["with Ctrl", { ctrlKey: true }],
    ["while it is held down", { repeat: true }],
  ])("%s", (_, how) => {
    const done = show(["one", "two"]);
    for (const key of ["k", "f", "e", "ArrowDown"]) {
      fireEvent.keyDown(document.activeElement ?? document.body, { key, ...how });
    }
    expect(done).toEqual([]);
    expect(focused()).toBe("one");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("while a text field or a button has the focus", async () => {
    const done = show(["one", "two"]);
    button("Edit", 0).focus();
    await userEvent.keyboard("kf");
    await userEvent.click(button("Edit", 0));
    await userEvent.type(screen.getByRole("textbox", { name: "What is to be remembered?" }), "kfe");
    expect(done).toEqual([]);
  });
});
