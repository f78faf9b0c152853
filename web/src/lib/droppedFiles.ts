import { useEffect, useState } from "react";

type Target = { onFiles: (files: File[]) => void; onOver: (over: boolean) => void };

const targets: Target[] = [];
let over = false;

/**
 * A file that is dropped anywhere in the page goes to the open message field, and nowhere else: a browser would leave
 * the page and open the file.
 */
export function catchDroppedFiles(): void {
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = targets.length > 0 ? "copy" : "none";
    setOver(true);
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) setOver(false);
  });
  addEventListener("drop", (event) => {
    setOver(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) targets.at(-1)?.onFiles(files);
  });
}

/** Receives the files that are dropped while the component is shown; whether files are over the page now. */
export function useDroppedFiles(onFiles: (files: File[]) => void): boolean {
  const [isOver, onOver] = useState(false);
  useEffect(() => {
    const target = { onFiles, onOver };
    targets.push(target);
    return () => void targets.splice(targets.indexOf(target), 1);
  }, [onFiles]);
  return isOver;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

function setOver(next: boolean) {
  if (over === next) return;
  over = next;
  targets.at(-1)?.onOver(next);
}
