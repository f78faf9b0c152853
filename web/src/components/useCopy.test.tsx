import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useCopy } from "./useCopy";

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(document, "execCommand");
});

it("uses the clipboard API", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const { result } = renderHook(useCopy);
  act(() => result.current[1]("kept"));
  await waitFor(() => expect(result.current[0]).toBe(true));
  expect(writeText).toHaveBeenCalledWith("kept");
});

it("uses the copy command where there is no clipboard API, as over plain HTTP", async () => {
  vi.stubGlobal("navigator", {});
  const setData = vi.fn();
  const copying = Object.assign(new Event("copy", { cancelable: true }), { clipboardData: { setData } });
  Object.assign(document, { execCommand: () => !document.dispatchEvent(copying) });
  const { result } = renderHook(useCopy);
  act(() => result.current[1]("kept"));
  await waitFor(() => expect(result.current[0]).toBe(true));
  expect(setData).toHaveBeenCalledWith("text/plain", "kept");
});
