import { useCallback, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useActions } from "./useActions";

type OfferProps = { messageId: string; conversationId: string };

/** The messages whose offers the reader has declined in this window. */
const declined = new Set<string>();

/** Offers to undo what was done because of the other versions of a message: to show another one undoes nothing. */
export function OtherVersionsActions({ messageId, conversationId }: OfferProps) {
  const text = useText();
  const attempt = useAttempt();
  const { actions, undo, readOtherVersions, loadConversation } = useActions();
  const [found, setFound] = useState<readonly string[]>([]);
  const [state, setState] = useState<"offered" | "busy" | "declined">("offered");
  const read = useCallback(() => readOtherVersions(messageId), [messageId, readOtherVersions]);
  useEffect(() => {
    void read().then(setFound, () => undefined); // without the offer, the conversation is still complete
    loadConversation(conversationId);
  }, [read, conversationId, loadConversation]);

  const left = found.filter((id) => actions.find((action) => action.id === id)?.undoable !== false);
  if (left.length === 0 || state === "declined" || declined.has(messageId)) return null;
  const undoAll = async () => {
    setState("busy");
    // The last one first: an earlier action may have made what a later one changed.
    for (const id of left.toReversed()) await attempt(() => undo(id));
    await attempt(async () => setFound(await read()));
    setState("offered");
  };
  return (
    <div
      role="group"
      aria-label={text.actions.ofOtherVersions(left.length)}
      className="mt-1.5 flex max-w-full animate-rise flex-wrap items-center gap-x-2 gap-y-1 rounded-xl border border-line px-3 py-1 text-xs text-soft"
    >
      <Icon name="info" className="text-wave" />
      <span>{text.actions.ofOtherVersions(left.length)}</span>
      <Button
        look="outline"
        className="min-h-8 px-2.5 py-1 text-xs"
        disabled={state === "busy"}
        onClick={() => void undoAll()}
      >
        {text.actions.undoThem(left.length)}
      </Button>
      <Button
        look="quiet"
        className="min-h-8 px-2.5 py-1 text-xs"
        onClick={() => {
          declined.add(messageId);
          setState("declined");
        }}
      >
        {text.actions.keepThem}
      </Button>
    </div>
  );
}
