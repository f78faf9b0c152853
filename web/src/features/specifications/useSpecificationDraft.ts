import { useCallback, useState } from "react";
import { readStorage, writeStorage } from "@/lib/storage";
import type { Specification } from "./useSpecifications";

/** The draft of a specification; `base` is the version that it started from. */
export type Draft = { title: string; content: string; tags: string; base: number };

/** The draft of a specification, kept in local storage until it is saved or discarded. */
export function useSpecificationDraft(specification: Specification | null) {
  const key = `resonant.specification.${specification?.id ?? "new"}`;
  const [draft, setDraft] = useState<Draft>(() => stored(key) ?? begin(specification));
  const change = useCallback(
    (part: Partial<Draft>) =>
      setDraft((now) => {
        const next = { ...now, ...part };
        writeStorage(key, JSON.stringify(next));
        return next;
      }),
    [key],
  );
  const discard = useCallback(() => writeStorage(key, null), [key]);
  return { draft, change, discard };
}

function begin(specification: Specification | null): Draft {
  if (!specification) return { title: "", content: "", tags: "", base: 0 };
  const { title, content, tags, version } = specification;
  return { title, content, tags: tags.join(", "), base: version };
}

function stored(key: string): Draft | null {
  try {
    return JSON.parse(readStorage(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}
