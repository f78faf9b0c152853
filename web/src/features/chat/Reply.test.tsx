import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { LiveSocket } from "@/lib/liveSocket";
import { SocketContext } from "@/lib/socketContext";
import { Reply } from "./Reply";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

function show(content: string) {
  const message = {
    id: "m1",
    content,
    messageType: "KANA",
    status: "FAILED",
    error: "The answer reached the length limit.",
    errorKey: null,
    errorParams: null,
    metadata: {},
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    shown: true,
    versions: [{ id: "m1" }],
    replyTo: { id: "m0" },
    conversation: { id: "c1" },
  } as unknown as Message;
  const continueReply = vi.fn(() => Promise.resolve());
  const regenerate = vi.fn(() => Promise.resolve());
  render(
    <SocketContext value={{} as unknown as LiveSocket}>
      <Reply message={message} actions={{ regenerate, continueReply } as unknown as MessageActions} />
    </SocketContext>,
  );
  return { regenerate, continueReply };
}

describe("a failed reply", () => {
  it("shows the text that was cut off, says so with the reason, and can be continued or asked for again", async () => {
    const { regenerate, continueReply } = show("Half an ans");
    expect(await screen.findByText("Half an ans")).toBeVisible();
    const alert = screen.getByRole("alert");
    expect(alert).toHaveTextContent("The answer was cut off here. You can continue it or ask again.");
    expect(alert).toHaveTextContent("The answer reached the length limit.");
    expect(alert).not.toHaveTextContent("No answer was written.");
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(continueReply).toHaveBeenCalledOnce();
    expect(regenerate).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(regenerate).toHaveBeenCalledOnce();
  });

  it.each(["", " \n"])("says that nothing was written when it has no text (%j)", (content) => {
    show(content);
    expect(screen.getByRole("alert")).toHaveTextContent("No answer was written.");
    expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
  });
});
