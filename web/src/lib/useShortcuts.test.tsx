import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { writeStorage } from "./storage";
import { SINGLE_KEYS, useShortcuts } from "./useShortcuts";

function Keys({ go, find }: { go: () => void; find: () => void }) {
  useShortcuts({ "g i": go, "mod+k": find });
  return <input aria-label="field" />;
}

function show() {
  const go = vi.fn();
  const find = vi.fn();
  render(<Keys go={go} find={find} />);
  return { go, find };
}

describe("useShortcuts", () => {
  it("handles two keys in a row", async () => {
    const { go } = show();
    await userEvent.keyboard("gi");
    expect(go).toHaveBeenCalledOnce();
    await userEvent.keyboard("xi");
    expect(go).toHaveBeenCalledOnce();
  });

  it("ignores single keys while typing, but not those with Ctrl", async () => {
    const { go, find } = show();
    await userEvent.click(screen.getByRole("textbox"));
    await userEvent.keyboard("gi{Control>}k{/Control}");
    expect(go).not.toHaveBeenCalled();
    expect(find).toHaveBeenCalledOnce();
  });

  it("ignores single keys when the setting is off", async () => {
    const { go, find } = show();
    writeStorage(SINGLE_KEYS, "off");
    await userEvent.keyboard("gi{Meta>}k{/Meta}");
    expect(go).not.toHaveBeenCalled();
    expect(find).toHaveBeenCalledOnce();
  });
});
