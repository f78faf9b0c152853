import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { ConfirmDialog, Drawer, FormDialog } from "@/components/Dialog";
import { SearchField } from "@/components/SearchField";
import { EditMessageForm } from "@/features/chat/EditMessageForm";

// The test setup calls leaveKeysToInputMethod, as the entry of each page does.
const sources: Record<string, string> = import.meta.glob("/src/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const composing = [
  ["while composing", { isComposing: true, keyCode: 27 }],
  ["when only the key code shows it", { isComposing: false, keyCode: 229 }],
] as const;

describe.each(composing)("%s", (_, key) => {
  it("no handler of any kind sees a key", () => {
    const seen = vi.fn();
    const listeners = [
      [window, false],
      [document, true],
      [document, false],
    ] as const;
    for (const [target, capture] of listeners) target.addEventListener("keydown", seen, capture);
    render(<input aria-label="field" onKeyDown={seen} onKeyDownCapture={seen} />);
    for (const name of ["Escape", "Enter", "Tab", "ArrowDown"]) {
      fireEvent.keyDown(screen.getByRole("textbox"), { key: name, ...key });
    }
    expect(seen).not.toHaveBeenCalled();
    fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape", keyCode: 27 });
    expect(seen).toHaveBeenCalledTimes(5);
    for (const [target, capture] of listeners) target.removeEventListener("keydown", seen, capture);
  });

  it("the browser does not clear a search field on Escape", () => {
    render(<SearchField label="search" value="認証" onChange={vi.fn()} />);
    expect(fireEvent.keyDown(screen.getByRole("searchbox"), { key: "Escape", ...key })).toBe(false);
    expect(fireEvent.keyDown(screen.getByRole("searchbox"), { key: "a", ...key })).toBe(true);
  });

  it.each([
    ["form dialog", FormDialog],
    ["drawer", Drawer],
  ] as const)("Escape keeps the %s open", (__, Dialog) => {
    const onOpenChange = vi.fn();
    render(
      <Dialog open onOpenChange={onOpenChange} title="Dialog" side="left">
        <textarea aria-label="field" />
      </Dialog>,
    );
    fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape", ...key });
    expect(onOpenChange).not.toHaveBeenCalled();
    fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape", keyCode: 27 });
    expect(onOpenChange).toHaveBeenCalledWith(false);
  });

  it("Escape keeps a confirmation open", () => {
    const onOpenChange = vi.fn();
    render(<ConfirmDialog open onOpenChange={onOpenChange} title="t" hint="h" action="a" onConfirm={vi.fn()} />);
    fireEvent.keyDown(screen.getByRole("alertdialog"), { key: "Escape", ...key });
    expect(onOpenChange).not.toHaveBeenCalled();
  });

  it("Escape keeps the text of a search field and of a message that is edited", () => {
    const onCancel = vi.fn();
    render(
      <>
        <Filter />
        <EditMessageForm content="text" onCancel={onCancel} onResend={vi.fn()} />
      </>,
    );
    fireEvent.keyDown(screen.getByRole("searchbox"), { key: "Escape", ...key });
    fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape", ...key });
    expect(screen.getByRole("searchbox")).toHaveValue("words");
    expect(onCancel).not.toHaveBeenCalled();
    fireEvent.keyDown(screen.getByRole("searchbox"), { key: "Escape", keyCode: 27 });
    expect(screen.getByRole("searchbox")).toHaveValue("");
  });
});

describe("every page and key handler", () => {
  it("is protected: each entry of the client calls leaveKeysToInputMethod before it renders", () => {
    const entries = Object.entries(sources).filter(
      ([path, source]) => source.includes("createRoot(") && !path.includes("/graphiql/") && !path.includes(".test."),
    );
    expect(entries.map(([path]) => path).sort()).toEqual(["/src/app/main.tsx", "/src/app/signIn.tsx"]);
    for (const [, source] of entries) {
      expect(source.indexOf("leaveKeysToInputMethod();")).toBeGreaterThan(0);
      expect(source.indexOf("leaveKeysToInputMethod();")).toBeLessThan(source.indexOf("createRoot(root)"));
    }
  });

  it("does not listen on the window before it, and has no check of its own", () => {
    const others = Object.entries(sources).filter(
      ([path]) => !path.includes("inputMethod") && !path.includes(".test."),
    );
    for (const [path, source] of others) {
      expect(source, path).not.toMatch(/isComposing|keyCode|(?<!\w)229(?!\w)|onComposition/);
      expect(source, path).not.toMatch(/(?:window\.|(?<!\.)\b)addEventListener\("key\w+",[^;]*(?:true|capture)/);
    }
  });
});

function Filter() {
  const [value, setValue] = useState("words");
  return <SearchField label="find" value={value} onChange={setValue} />;
}
