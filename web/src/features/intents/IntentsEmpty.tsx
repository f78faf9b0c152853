import { EmptyState } from "@/components/Notice";
import { TryInChat } from "@/components/TryInChat";
import { useText } from "@/lib/language";
import type { IntentFilter } from "./useIntentPages";

type EmptyProps = { filter: Omit<IntentFilter, "statuses">; filtered?: boolean };

/** Says what an intent is and lets the reader try one; with a filter, that nothing matches it. */
export function IntentsEmpty({ filter: { type, assignee, label, words }, filtered = false }: EmptyProps) {
  const { intents: text } = useText();
  if (filtered || type !== null || assignee !== null || label !== null || words !== "")
    return <EmptyState icon="search" title={text.noneFound} hint={text.noneFoundHint} />;
  return (
    <EmptyState title={text.empty} hint={`${text.emptyHint} ${text.emptyField}`}>
      <TryInChat example={text.tryIt} />
    </EmptyState>
  );
}
