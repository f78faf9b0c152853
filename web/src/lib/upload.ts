import { RequestFailure } from "@/lib/request";
import { toSignIn } from "@/lib/signIn";

/** A file on the server; `POST /files` answers with it. */
export type StoredFile = { id: string; name: string; size: number };

/** The limits of the server: bytes of a file, files of a message. */
export type FileLimits = { maxBytes: number; perMessage: number };

type Progress = (share: number) => void;
type Problem = { message?: string; extensions?: { code?: string; key?: string; params?: unknown } };

/** Uploads a file; `onProgress` gets the share that was sent, 0 to 1. Rejects with a RequestFailure. */
export function uploadFile(file: File, onProgress: Progress, signal: AbortSignal): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    // fetch reports no progress of an upload.
    const request = new XMLHttpRequest();
    request.open("POST", "/files");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / Math.max(event.total, 1)));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 201) resolve(answer as StoredFile);
      else reject(failureFrom(request.status, answer as { errors?: Problem[] } | null));
    });
    request.addEventListener("error", () => reject(new RequestFailure("NETWORK", "The server was not reached.")));
    request.addEventListener("abort", () => reject(new RequestFailure("ABORTED", "The upload was stopped.")));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

let limits: Promise<FileLimits | null> | null = null;

/** The limits of the server; null when they cannot be read. The server checks them in any case. */
export function fileLimits(): Promise<FileLimits | null> {
  limits ??= fetch("/files")
    .then(async (response) => (response.ok ? ((await response.json()) as FileLimits) : null))
    .catch(() => null)
    .then((read) => {
      if (!read) limits = null;
      return read;
    });
  return limits;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failureFrom(status: number, answer: { errors?: Problem[] } | null): RequestFailure {
  const { message = `HTTP ${status}`, extensions = {} } = answer?.errors?.[0] ?? {};
  if (extensions.code === "UNAUTHENTICATED") toSignIn();
  const code = extensions.code ?? (status >= 500 ? "UNAVAILABLE" : "INTERNAL");
  return new RequestFailure(code, message, extensions.key ?? null, extensions.params);
}
