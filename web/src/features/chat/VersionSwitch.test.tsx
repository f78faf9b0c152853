import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Collection, oldestFirst } from "@/lib/collection";
import { VersionSwitch } from "./VersionSwitch";
import type { MessageActions } from "./useMessageActions";
import { type Message, applyChange } from "./useMessages";

const messageOf = (id: string, versions: readonly string[], shown = true) =>
  ({ id, shown, versions: versions.map((each) => ({ id: each })) }) as unknown as Message;

function show(id: string, versions: readonly string[]) {
  const select = vi.fn(() => Promise.resolve());
  render(<VersionSwitch message={messageOf(id, versions)} actions={{ select } as unknown as MessageActions} />);
  return select;
}

describe("the versions of a message", () => {
  it("are switched with the keyboard, and the focus stays at the first and the last one", async () => {
    const select = show("b", ["a", "b"]);
    expect(screen.getByRole("group", { name: "Versions of this message" })).toHaveTextContent("2/2");
    expect(screen.getByRole("status")).toHaveTextContent("Version 2 of 2");
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    expect(select).toHaveBeenCalledExactlyOnceWith("a");
    const later = screen.getByRole("button", { name: "Later version" });
    await userEvent.click(later);
    expect(later).toHaveFocus();
    expect(select).toHaveBeenCalledOnce();
  });

  it("are not mentioned while there is one", () => {
    show("a", ["a"]);
    expect(screen.queryByRole("group")).toBeNull();
  });
});

describe("a change of a message", () => {
  const changed = (known: readonly Message[], message: Message) => {
    const collection = new Collection<Message>(oldestFirst);
    collection.upsert(...known);
    const reload = vi.fn();
    applyChange(collection, message, reload);
    return { ids: collection.getSnapshot().map(({ id }) => id), reads: reload.mock.calls.length };
  };

  it.each([
    ["is applied", [messageOf("a", ["a"])], messageOf("a", ["a"]), ["a"], 0],
    ["adds a new message", [messageOf("a", ["a"])], messageOf("b", ["b"]), ["a", "b"], 0],
    ["that hides a message reads all again", [messageOf("a", ["a"])], messageOf("a", ["a", "b"], false), ["a"], 1],
    ["that shows another version reads all again", [messageOf("a", ["a"])], messageOf("b", ["a", "b"]), ["a"], 1],
    ["in a branch that is not shown is ignored", [messageOf("b", ["a", "b"])], messageOf("a", ["a"], false), ["b"], 0],
  ])("%s", (_, known, message, ids, reads) => {
    expect(changed(known, message)).toEqual({ ids, reads });
  });
});
