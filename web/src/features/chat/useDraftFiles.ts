import { useCallback, useSyncExternalStore } from "react";
import { useChat } from "./useChat";

/** The files of the unsent message of one conversation. */
export function useDraftFiles(conversationId: string | null) {
  const { files } = useChat();
  const read = () => files.of(conversationId);
  return {
    files: useSyncExternalStore(files.subscribe, read, read),
    add: useCallback((added: File[]) => files.add(conversationId, added), [files, conversationId]),
    remove: (key: string) => files.remove(conversationId, key),
    retry: (key: string) => files.retry(conversationId, key),
    take: () => files.take(conversationId),
  };
}
