import { useCallback, useEffect, useState } from "react";

const SHOWN_MS = 1_600;

/** Whether text was just copied, and the function that copies it. */
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
  // Browsers offer no clipboard API over plain HTTP, except on localhost; the old command still works.
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
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no replacement over plain HTTP
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", answer);
  }
}
