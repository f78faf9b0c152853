import { draftKey } from "@/lib/draft";
import { RequestFailure, toFailure } from "@/lib/request";
import { scaledImage } from "@/lib/scaledImage";
import { readStorage, writeStorage } from "@/lib/storage";
import { type FileLimits, type StoredFile, uploadFile } from "@/lib/upload";

/** A file next to an unsent message: being uploaded, stored on the server, or failed. */
export type DraftFile = {
  key: string;
  name: string;
  size: number;
  /** What the browser says that it is; only for the icon. */
  type: string;
  progress: number;
  stored: AttachedFile | null;
  failure: RequestFailure | null;
};

/** A stored file with the type that the browser says. */
export type AttachedFile = StoredFile & { type: string };

type Upload = typeof uploadFile;
const MEGABYTE = 2 ** 20;
const NONE: readonly DraftFile[] = [];

/** The files of the unsent messages by conversation. Those that are stored are kept when the page is closed. */
export class DraftFiles {
  private readonly upload: Upload;
  private readonly limits: () => Promise<FileLimits | null>;
  private readonly listeners = new Set<() => void>();
  private readonly drafts = new Map<string, readonly DraftFile[]>();
  private readonly sources = new Map<string, { file: File; abort: AbortController }>();

  constructor(upload: Upload, limits: () => Promise<FileLimits | null>) {
    this.upload = upload;
    this.limits = limits;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  of(conversationId: string | null): readonly DraftFile[] {
    const key = storageKey(conversationId);
    const known = this.drafts.get(key) ?? read(key);
    this.drafts.set(key, known);
    return known;
  }

  /** Uploads files for the message. */
  add(conversationId: string | null, files: readonly File[]) {
    for (const file of files) {
      const key = crypto.randomUUID();
      const { name, size, type } = file;
      const added = { key, name, size, type, progress: 0, stored: null, failure: null };
      this.change(conversationId, (all) => [...all, added]);
      this.sources.set(key, { file, abort: new AbortController() });
      void this.send(conversationId, key);
    }
  }

  /** Adds files that the server has: those of a message that is taken back. */
  addStored(conversationId: string | null, files: readonly AttachedFile[]) {
    this.change(conversationId, (all) => [...all, ...files.map(fromStored)]);
  }

  /** Removes a file; an upload is stopped. The server deletes what no message has after a day. */
  remove(conversationId: string | null, key: string) {
    this.sources.get(key)?.abort.abort();
    this.sources.delete(key);
    this.change(conversationId, (all) => all.filter((file) => file.key !== key));
  }

  retry(conversationId: string | null, key: string) {
    this.update(conversationId, key, { failure: null, progress: 0 });
    void this.send(conversationId, key);
  }

  /** Returns the stored files for a message that is sent now, and begins the next draft without files. */
  take(conversationId: string | null): AttachedFile[] {
    const taken = this.of(conversationId).flatMap(({ stored }) => stored ?? []);
    this.change(conversationId, () => NONE);
    return taken;
  }

  private async send(conversationId: string | null, key: string) {
    const source = this.sources.get(key);
    if (!source) return;
    try {
      const limits = await this.limits();
      const file = await scaledImage(source.file);
      this.update(conversationId, key, { name: file.name, size: file.size, type: file.type });
      this.check(conversationId, key, file, limits);
      const onProgress = (progress: number) => this.update(conversationId, key, { progress });
      const stored = await this.upload(file, onProgress, source.abort.signal);
      this.sources.delete(key);
      this.update(conversationId, key, { progress: 1, stored: { ...stored, type: file.type } });
    } catch (error) {
      this.update(conversationId, key, { failure: toFailure(error) });
    }
  }

  /** Refuses at once what the server would refuse only after the whole upload. */
  private check(conversationId: string | null, key: string, file: File, limits: FileLimits | null) {
    if (!limits) return;
    const { maxBytes, perMessage } = limits;
    const all = this.of(conversationId);
    if (file.size > maxBytes) throw refusal("file.too_large", { maximum: Math.floor(maxBytes / MEGABYTE) });
    if (all.findIndex((each) => each.key === key) >= perMessage)
      throw refusal("file.too_many", { given: all.length, maximum: perMessage });
  }

  private update(conversationId: string | null, key: string, part: Partial<DraftFile>) {
    this.change(conversationId, (all) => all.map((file) => (file.key === key ? { ...file, ...part } : file)));
  }

  private change(conversationId: string | null, step: (all: readonly DraftFile[]) => readonly DraftFile[]) {
    const key = storageKey(conversationId);
    const next = step(this.of(conversationId));
    this.drafts.set(key, next);
    const stored = next.flatMap((file) => file.stored ?? []);
    const text = stored.length === 0 ? null : JSON.stringify(stored);
    if (text !== readStorage(key)) writeStorage(key, text);
    for (const listener of [...this.listeners]) listener();
  }
}

const storageKey = (conversationId: string | null) => `${draftKey(conversationId)}.files`;

const refusal = (key: string, params: unknown) => new RequestFailure("BAD_USER_INPUT", key, key, params);

function fromStored(stored: AttachedFile): DraftFile {
  const { id, name, size, type } = stored;
  return { key: id, name, size, type, progress: 1, stored, failure: null };
}

function read(key: string): readonly DraftFile[] {
  try {
    return (JSON.parse(readStorage(key) ?? "[]") as AttachedFile[]).map(fromStored);
  } catch {
    // Invalid JSON can only come from another program.
    return NONE;
  }
}
