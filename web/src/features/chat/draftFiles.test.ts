import { beforeEach, describe, expect, it, vi } from "vitest";
import { RequestFailure } from "@/lib/request";
import { DraftFiles } from "./draftFiles";

const notes = () => new File(["hello"], "notes.txt", { type: "text/plain" });
const stored = { id: "1", name: "notes.txt", size: 5 };
const noLimits = () => Promise.resolve(null);

describe("DraftFiles", () => {
  beforeEach(() => localStorage.clear());

  it("uploads files and keeps them when the page is opened again", async () => {
    const upload = vi.fn((_file: File, onProgress: (share: number) => void) => {
      onProgress(0.5);
      return Promise.resolve(stored);
    });
    const files = new DraftFiles(upload, noLimits);
    files.add("c", [notes()]);
    expect(files.of("c")).toMatchObject([{ name: "notes.txt", stored: null, failure: null }]);
    await vi.waitFor(() => expect(files.of("c")[0]?.stored?.id).toBe("1"));
    const opened = new DraftFiles(upload, noLimits);
    expect(opened.of("c")).toMatchObject([{ name: "notes.txt", progress: 1 }]);
    expect(opened.of("other")).toEqual([]);
    expect(opened.take("c")).toEqual([{ ...stored, type: "text/plain" }]);
    expect(new DraftFiles(upload, noLimits).of("c")).toEqual([]);
  });

  it("shows why an upload failed, and uploads it again", async () => {
    const upload = vi.fn().mockRejectedValueOnce(new RequestFailure("NETWORK", "away")).mockResolvedValue(stored);
    const files = new DraftFiles(upload, noLimits);
    files.add(null, [notes()]);
    await vi.waitFor(() => expect(files.of(null)[0]?.failure?.code).toBe("NETWORK"));
    files.retry(null, files.of(null)[0]?.key ?? "");
    await vi.waitFor(() => expect(files.of(null)[0]?.stored?.id).toBe("1"));
  });

  it("refuses what is too large or too many before it is sent", async () => {
    const upload = vi.fn().mockResolvedValue(stored);
    const files = new DraftFiles(upload, () => Promise.resolve({ maxBytes: 4, perMessage: 1 }));
    files.add("c", [notes(), new File(["x"], "x.txt")]);
    await vi.waitFor(() => expect(files.of("c").every((file) => file.failure)).toBe(true));
    expect(files.of("c").map((file) => file.failure?.key)).toEqual(["file.too_large", "file.too_many"]);
    expect(upload).not.toHaveBeenCalled();
    files.remove("c", files.of("c")[0]?.key ?? "");
    expect(files.of("c")).toHaveLength(1);
  });
});
