import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { RequestFailure } from "@/lib/request";
import { catchDroppedFiles } from "@/lib/droppedFiles";
import { Composer } from "./Composer";
import type { DraftFile } from "./draftFiles";

catchDroppedFiles();
const picture = new File(["x"], "a.png", { type: "image/png" });
const waiting: DraftFile = {
  key: "k",
  name: "a.png",
  size: 1,
  type: "image/png",
  progress: 0.4,
  stored: null,
  failure: null,
};
const stored: DraftFile = { ...waiting, stored: { id: "1", name: "a.png", size: 1, type: "image/png" } };

function show(files: DraftFile[]) {
  const calls = { onSend: vi.fn(), onFiles: vi.fn(), onRemoveFile: vi.fn(), onRetryFile: vi.fn() };
  render(<Composer draft="look" onDraft={vi.fn()} files={files} {...calls} />);
  return calls;
}

function drop(target: Element) {
  const event = createEvent.drop(target, { dataTransfer: { types: ["Files"], files: [picture] } });
  fireEvent(target, event);
  return event;
}

describe("Composer with files", () => {
  it("takes a file that is dropped anywhere, and the page stays open", () => {
    const { onFiles } = show([]);
    expect(drop(document.body).defaultPrevented).toBe(true);
    expect(onFiles).toHaveBeenCalledExactlyOnceWith([picture]);
  });

  it("keeps the page open without a message field, too", () => {
    expect(drop(document.body).defaultPrevented).toBe(true);
  });

  it("takes a pasted picture, but not the picture of a pasted table", () => {
    const { onFiles } = show([]);
    const field = screen.getByRole("textbox");
    fireEvent.paste(field, { clipboardData: { types: ["text/plain", "Files"], files: [picture] } });
    expect(onFiles).not.toHaveBeenCalled();
    fireEvent.paste(field, { clipboardData: { types: ["Files"], files: [picture] } });
    expect(onFiles).toHaveBeenCalledExactlyOnceWith([picture]);
  });

  it("sends by itself what Enter was pressed for during an upload, once", async () => {
    const props = { draft: "look", onDraft: vi.fn(), onFiles: vi.fn(), onRemoveFile: vi.fn(), onRetryFile: vi.fn() };
    const onSend = vi.fn();
    const { rerender } = render(<Composer {...props} onSend={onSend} files={[waiting]} />);
    await userEvent.type(screen.getByRole("textbox"), "{Enter}");
    expect(screen.getByText("The message is sent when the upload is done.")).toBeVisible();
    rerender(
      <Composer {...props} onSend={onSend} files={[{ ...waiting, failure: new RequestFailure("NETWORK", "") }]} />,
    );
    expect(screen.getByText(/Try the failed upload again or remove the file/)).toBeVisible();
    rerender(<Composer {...props} onSend={onSend} files={[stored]} />);
    rerender(<Composer {...props} onSend={onSend} files={[stored]} />);
    expect(onSend).toHaveBeenCalledOnce();
  });

  it("does not send by itself what is edited during the upload", async () => {
    const props = { draft: "look", onDraft: vi.fn(), onFiles: vi.fn(), onRemoveFile: vi.fn(), onRetryFile: vi.fn() };
    const onSend = vi.fn();
    const { rerender } = render(<Composer {...props} onSend={onSend} files={[waiting]} />);
    await userEvent.type(screen.getByRole("textbox"), "{Enter}!");
    rerender(<Composer {...props} onSend={onSend} files={[stored]} />);
    expect(onSend).not.toHaveBeenCalled();
  });

  it("waits for an upload before it sends", async () => {
    const { onSend, onRemoveFile } = show([waiting]);
    expect(screen.getByRole("progressbar", { name: "a.png is being uploaded" })).toHaveValue(40);
    await userEvent.type(screen.getByRole("textbox"), "{Enter}");
    expect(onSend).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Remove a.png" }));
    expect(onRemoveFile).toHaveBeenCalledExactlyOnceWith("k");
  });

  it("says why an upload failed and offers to repeat it", async () => {
    const { onRetryFile } = show([{ ...waiting, failure: new RequestFailure("NETWORK", "away") }]);
    expect(screen.getByRole("alert")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Upload a.png again" }));
    expect(onRetryFile).toHaveBeenCalledExactlyOnceWith("k");
  });

  it("sends when all files are stored", async () => {
    const { onSend } = show([stored]);
    await userEvent.type(screen.getByRole("textbox"), "{Enter}");
    expect(onSend).toHaveBeenCalledOnce();
  });
});
