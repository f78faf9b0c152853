import { Button } from "@/components/Button";
import { EmptyState } from "@/components/Notice";
import { beginDraft } from "@/lib/draft";
import { useText } from "@/lib/language";
import { navigate, toConversation } from "@/lib/route";
import type { IntentFilter } from "./useIntentPages";

type EmptyProps = { filter: Omit<IntentFilter, "statuses">; filtered?: boolean };

/** Says what an intent is and lets the reader try one; with a filter, that nothing matches it. */
export function IntentsEmpty({ filter: { type, assignee, label, words }, filtered = false }: EmptyProps) {
  const { intents: text, introduction } = useText();
  if (filtered || type !== null || assignee !== null || label !== null || words !== "")
    return <EmptyState icon="search" title={text.noneFound} hint={text.noneFoundHint} />;
  const tryIt = () => {
    beginDraft(null, text.tryIt);
    navigate(toConversation(null));
  };
  return (
    <EmptyState title={text.empty} hint={text.emptyHint}>
      <Button icon="chat" className="mt-4" onClick={tryIt}>
        {introduction.tryIt}: {text.tryIt}
      </Button>
    </EmptyState>
  );
}
