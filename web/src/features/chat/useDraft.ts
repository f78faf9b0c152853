import { useCallback } from "react";
import { draftKey } from "@/lib/draft";
import { useStorage } from "@/lib/storage";

/** The unsent text of one conversation, kept in local storage. */
export function useDraft(conversationId: string | null): [string, (text: string) => void] {
  const [stored, store] = useStorage(draftKey(conversationId));
  const setDraft = useCallback((text: string) => store(text === "" ? null : text), [store]);
  return [stored ?? "", setDraft];
}
