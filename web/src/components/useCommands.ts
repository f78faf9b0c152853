import { useEffect, useId, useSyncExternalStore } from "react";
import type { IconName } from "@/components/Icon";

/** Something that the command palette can do. `names` are what a reader may type for it, in any language. */
export type Command = {
  id: string;
  name: string;
  names: readonly string[];
  icon: IconName;
  keys?: readonly string[];
  run: () => void;
};

const offered = new Map<string, readonly Command[]>();
const listeners = new Set<() => void>();
let snapshot: readonly Command[] = [];

function publish() {
  snapshot = [...offered.values()].flat();
  for (const listener of [...listeners]) listener();
}

/** Offers commands in the palette while the component is shown; a new list replaces the one before. */
export function useCommands(commands: readonly Command[]) {
  const owner = useId();
  useEffect(() => {
    offered.set(owner, commands);
    publish();
  }, [owner, commands]);
  useEffect(
    () => () => {
      offered.delete(owner);
      publish();
    },
    [owner],
  );
}

/** The commands that the shown components offer. */
export function useOfferedCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}
