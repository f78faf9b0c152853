import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { OverlapLinks, otherWorkOf } from "./OverlapLinks";
import type { Notification } from "./useNotifications";

const overlap = {
  key: "notification.overlap",
  metadata: { otherIntentId: "theirs" },
  intent: { id: "own" },
  project: { id: "p", slug: "shop" },
} as unknown as Notification;

it("links both pieces of work", () => {
  const opened = vi.fn();
  render(<OverlapLinks notification={overlap} other="theirs" onOpened={opened} />);
  expect(screen.getByRole("link", { name: "This work" })).toHaveAttribute("href", "/intents/own");
  expect(screen.getByRole("link", { name: "The work that overlaps" })).toHaveAttribute("href", "/intents/theirs");
});

it("links the other work alone when the own one is deleted", () => {
  render(<OverlapLinks notification={{ ...overlap, intent: null }} other="theirs" onOpened={() => {}} />);
  expect(screen.getAllByRole("link")).toHaveLength(1);
});

it("finds the other work in notifications of an overlap alone", () => {
  expect(otherWorkOf(overlap)).toBe("theirs");
  expect(otherWorkOf({ ...overlap, key: "notification.due" })).toBeNull();
  expect(otherWorkOf({ ...overlap, metadata: null })).toBeNull();
  expect(otherWorkOf({ ...overlap, metadata: { otherIntentId: 5 } })).toBeNull();
});
