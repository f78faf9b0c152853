import { useEffect, useEffectEvent } from "react";
import { readStorage } from "@/lib/storage";

const SEQUENCE_MS = 1_000;
export const SINGLE_KEYS = "resonant.singleKeys";

/** Keys as `mod+k` (Ctrl, or Command on a Mac), `?`, or two in a row as `g i`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Handles shortcuts. Single keys are ignored while typing, and always when the setting is off. */
export function useShortcuts(shortcuts: Shortcuts) {
  const run = useEffectEvent((keys: string): boolean => {
    const action = shortcuts[keys];
    action?.();
    return action !== undefined;
  });
  const begins = useEffectEvent((key: string) => Object.keys(shortcuts).some((keys) => keys.startsWith(`${key} `)));
  useEffect(() => {
    let before = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (key === null || event.defaultPrevented) return;
      const single = !key.startsWith("mod+");
      if (single && (isTyping(event.target) || isModal() || readStorage(SINGLE_KEYS) === "off")) return;
      const keys = single && before ? `${before} ${key}` : key;
      before = "";
      if (run(keys)) {
        event.preventDefault();
      } else if (single && begins(key)) {
        before = key;
        clearTimeout(timer);
        timer = setTimeout(() => (before = ""), SEQUENCE_MS);
      }
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      clearTimeout(timer);
      removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | null {
  if (altKey || key.length !== 1) return null;
  if (shiftKey && (ctrlKey || metaKey)) return null;
  return ctrlKey || metaKey ? `mod+${key.toLowerCase()}` : key.toLowerCase();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const isModal = () => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
