import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { Composer } from "./Composer";

function Field({ onSend, onStop }: { onSend: (text: string) => void; onStop?: () => void }) {
  const [draft, setDraft] = useState("");
  const none = { files: [], onFiles: vi.fn(), onRemoveFile: vi.fn(), onRetryFile: vi.fn() };
  return <Composer draft={draft} onDraft={setDraft} onSend={() => onSend(draft)} onStop={onStop} {...none} />;
}

describe("Composer", () => {
  it("sends with Enter and starts a new line with Shift+Enter", async () => {
    const onSend = vi.fn();
    render(<Field onSend={onSend} />);
    await userEvent.type(screen.getByRole("textbox", { name: "Message" }), "one{Shift>}{Enter}{/Shift}two{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith("one\ntwo");
  });

  it("does not send an empty message", async () => {
    const onSend = vi.fn();
    render(<Field onSend={onSend} />);
    await userEvent.type(screen.getByRole("textbox"), "  {Enter}");
    expect(onSend).not.toHaveBeenCalled();
    expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
  });

  it.each([
    ["while it composes", { isComposing: true, keyCode: 13 }],
    ["when the key was taken by it", { isComposing: false, keyCode: 229 }],
  ])("leaves Enter to the input method %s", async (_, key) => {
    const onSend = vi.fn();
    render(<Field onSend={onSend} />);
    const field = screen.getByRole("textbox");
    await userEvent.type(field, "にほんご");
    fireEvent.keyDown(field, { key: "Enter", ...key });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("leaves Enter to the input method in Safari, which ends the composition before the key", async () => {
    const onSend = vi.fn();
    render(<Field onSend={onSend} />);
    const field = screen.getByRole("textbox");
    await userEvent.type(field, "にほんご");
    fireEvent.compositionStart(field);
    fireEvent.compositionEnd(field);
    fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.keyUp(field, { key: "Enter", keyCode: 13 });
    fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
    expect(onSend).toHaveBeenCalledExactlyOnceWith("にほんご");
  });

  it("offers to stop while a reply is written", async () => {
    const onStop = vi.fn();
    render(<Field onSend={vi.fn()} onStop={onStop} />);
    await userEvent.click(screen.getByRole("button", { name: "Stop the answer" }));
    expect(onStop).toHaveBeenCalledOnce();
  });
});
