import { readStorage, writeStorage } from "@/lib/storage";

/** Where the unsent text of a conversation, or of a new one, is kept. */
export const draftKey = (conversationId: string | null) => `resonant.draft.${conversationId ?? "new"}`;

/** Puts words before whatever is written in a conversation's field already. */
export function beginDraft(conversationId: string | null, words: string) {
  const key = draftKey(conversationId);
  const draft = readStorage(key) ?? "";
  writeStorage(key, draft.trim() === "" ? words : `${words.trimEnd()}\n\n${draft}`);
}
