import { readStorage, writeStorage } from "@/lib/storage";

/** The storage key of the unsent text of a conversation; null for a new conversation. */
export const draftKey = (conversationId: string | null) => `resonant.draft.${conversationId ?? "new"}`;

/** Inserts text before the draft of a conversation. */
export function beginDraft(conversationId: string | null, text: string) {
  const key = draftKey(conversationId);
  const draft = readStorage(key) ?? "";
  writeStorage(key, draft.trim() === "" ? text : `${text.trimEnd()}\n\n${draft}`);
}
