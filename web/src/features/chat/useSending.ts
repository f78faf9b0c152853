import { type Dispatch, type SetStateAction, useState } from "react";
import { useFailureText } from "@/components/useFailureText";
import { useLanguage } from "@/lib/language";
import { toFailure, useRequest } from "@/lib/request";
import { SendMessage } from "./documents";
import type { Message } from "./useMessages";

export type Outgoing = { id: number; content: string };

type Sending = {
  conversationId: string | null;
  draft: string;
  setDraft: Dispatch<SetStateAction<string>>;
  onSent: (message: Message, reply: Message) => void;
};

let nextId = 0;

/** Sends the draft; what is on its way is shown meanwhile, and a refusal brings the words back into the field. */
export function useSending({ conversationId, draft, setDraft, onSent }: Sending) {
  const request = useRequest();
  const { language, text } = useLanguage();
  const reason = useFailureText();
  const [outgoing, setOutgoing] = useState<readonly Outgoing[]>([]);
  const [problem, setProblem] = useState<string | null>(null);

  const send = async (content: string, typed: boolean) => {
    const id = nextId++;
    setProblem(null);
    if (typed) setDraft("");
    setOutgoing((now) => [...now, { id, content }]);
    try {
      const metadata = { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, language };
      const { sendMessage } = await request(SendMessage, { input: { content, conversationId, metadata } });
      onSent(sendMessage.message, sendMessage.reply);
    } catch (error) {
      // Whatever was typed meanwhile stays, behind the words that come back.
      setDraft((now) => (now.trim() === "" ? content : `${content}\n\n${now}`));
      setProblem(`${text.chat.notSent} ${reason(toFailure(error))}`);
    } finally {
      setOutgoing((now) => now.filter((message) => message.id !== id));
    }
  };
  return {
    outgoing,
    problem,
    send: () => void send(draft, true),
    sendText: (content: string) => void send(content, false),
  };
}
