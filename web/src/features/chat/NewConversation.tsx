import { type ReactNode, useEffect, useRef } from "react";
import { IntroductionCards } from "@/components/IntroductionCards";
import { Logo } from "@/components/Logo";
import { useText } from "@/lib/language";
import { navigate, toConversation } from "@/lib/route";
import { Composer } from "./Composer";
import type { AttachedFile } from "./draftFiles";
import { OutgoingRow } from "./OutgoingRow";
import { useSending } from "./useChat";
import { useDraft } from "./useDraft";
import { useDraftFiles } from "./useDraftFiles";

type NewProps = {
  model: string | null;
  /** The id of its project; null for the default one. */
  projectId: string | null;
  notice?: ReactNode;
  foot?: ((draft: string) => ReactNode) | undefined;
  closed?: ReactNode;
};

/** The form for a new conversation: a greeting, suggestions and the composer. */
export function NewConversation({ model, projectId, notice, foot, closed }: NewProps) {
  const text = useText();
  const [draft, setDraft] = useDraft(null);
  const attached = useDraftFiles(null);
  const { outgoing, send } = useSending(null, model, projectId);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const start = (content: string, attachments?: readonly AttachedFile[]) =>
    send(
      content,
      ({ message }) => {
        // A reader who has left this page meanwhile is not brought back.
        if (mounted.current) navigate(toConversation(message.conversation.id));
      },
      attachments,
    );

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {notice}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4">
        {outgoing.length > 0 ? (
          <div className="mx-auto flex w-full max-w-3xl flex-col gap-6 py-6">
            {outgoing.map((message) => (
              <OutgoingRow key={message.key} queued={message} />
            ))}
          </div>
        ) : (
          <div className="m-auto flex w-full max-w-2xl flex-col items-center py-4 text-center">
            <Logo className="size-10 text-wave" />
            <h1 className="mt-3 font-display text-3xl tracking-tight text-balance">{text.chat.greeting}</h1>
            <p className="mt-2 max-w-md text-balance text-soft">{text.chat.greetingHint}</p>
            {!closed && (
              <>
                <IntroductionCards
                  onTry={(example) => {
                    setDraft(example);
                    document.querySelector<HTMLElement>("main textarea")?.focus();
                  }}
                />
                <ul className="mt-4 flex w-full flex-col gap-2 sm:max-w-lg">
                  {text.chat.suggestions.map((suggestion) => (
                    <li key={suggestion}>
                      <button
                        type="button"
                        onClick={() => start(suggestion)}
                        className="w-full rounded-xl border border-line px-4 py-1.5 text-start text-sm text-soft transition-colors hover:border-edge hover:bg-hover hover:text-ink"
                      >
                        {suggestion}
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
      </div>
      {closed ?? (
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={() => {
            start(draft, attached.take());
            setDraft("");
          }}
          files={attached.files}
          onFiles={attached.add}
          onRemoveFile={attached.remove}
          onRetryFile={attached.retry}
          foot={foot?.(draft)}
        />
      )}
    </div>
  );
}
