import { type Dispatch, type SetStateAction, useEffect, useState } from "react";
import { readStored, writeStored } from "@/lib/stored";

/** The unsent text of one conversation, kept in this browser until it is sent. */
export function useDraft(conversationId: string | null): [string, Dispatch<SetStateAction<string>>] {
  const key = `resonant.draft.${conversationId ?? "new"}`;
  const [draft, setDraft] = useState(() => readStored(key) ?? "");
  useEffect(() => writeStored(key, draft === "" ? null : draft), [key, draft]);
  return [draft, setDraft];
}
