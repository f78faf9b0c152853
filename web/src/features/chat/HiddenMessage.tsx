import { useEffect, useState } from "react";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { MessageShown } from "./documents";
import type { Messages } from "./useMessages";

/** Whether the message of the address exists in the conversation but is in a version that is not shown. */
export function useHidden(at: string | null, conversationId: string, collection: Messages): boolean {
  const request = useRequest();
  const [hidden, setHidden] = useState<string | null>(null);
  useEffect(() => {
    if (at === null || collection.get(at)) return;
    let current = true;
    request(MessageShown, { id: at }).then(
      ({ message }) => {
        if (current && message?.conversation.id === conversationId && !message.shown) setHidden(at);
      },
      () => undefined, // the list says what is wrong
    );
    return () => {
      current = false;
    };
  }, [request, at, conversationId, collection]);
  return at !== null && hidden === at && collection.get(at) === undefined;
}

type HiddenProps = { messageId: string; onSelect: (messageId: string) => Promise<void> };

/** Says that the message of the address is in a version that is not shown, and offers to show that one. */
export function HiddenMessage({ messageId, onSelect }: HiddenProps) {
  const text = useText();
  const attempt = useAttempt();
  return (
    <Banner
      className="mx-auto my-2 w-full max-w-2xl"
      title={text.chat.hidden}
      actions={<Button onClick={() => void attempt(() => onSelect(messageId))}>{text.chat.showVersion}</Button>}
    />
  );
}
