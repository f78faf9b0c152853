import { useCallback, useEffect, useState } from "react";

const SHOWN_MS = 1_600;

/** Copies text, and says for a moment that it did. */
export function useCopy(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback((text: string) => {
    void write(text).then(setCopied);
  }, []);
  return [copied, copy];
}

async function write(text: string): Promise<boolean> {
  // Over plain HTTP, from another machine, a browser has no clipboard to give; there is the older way.
  if (!("clipboard" in navigator)) return copyByCommand(text);
  await navigator.clipboard.writeText(text);
  return true;
}

function copyByCommand(text: string): boolean {
  const answer = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", answer);
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing has come in its place for such pages
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", answer);
  }
}
