import { useEffect, useEffectEvent } from "react";

const opened: (() => void)[] = [];

/**
 * Lets Escape close an open dialog, popover or menu while a toast is shown. Radix gives Escape only to what was shown
 * last; a toast that was shown later passes it on by `closeLastOpened`.
 */
export function useEscape(isOpen: boolean, close: () => void) {
  const onEscape = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return;
    const entry = () => onEscape();
    opened.push(entry);
    return () => void opened.splice(opened.indexOf(entry), 1);
  }, [isOpen]);
}

/** Closes what was opened last; returns whether anything was open. */
export function closeLastOpened(): boolean {
  const close = opened.at(-1);
  close?.();
  return close !== undefined;
}
