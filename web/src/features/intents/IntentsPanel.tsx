import { Tabs } from "radix-ui";
import { useEffect, useState } from "react";
import { Button, IconButton } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useLanguage, useText } from "@/lib/language";
import { IntentCard } from "./IntentCard";
import { IntentForm } from "./IntentForm";
import { type Intent, isOpen, useIntents } from "./useIntents";
import { Writing } from "@/components/Writing";

type PanelProps = { conversationId: string | null; focusedId: string | null; onFocusedSeen: () => void };

/** The intents of the open conversation, or all intents. */
export function IntentsPanel({ conversationId, focusedId, onFocusedSeen }: PanelProps) {
  const text = useText();
  const { intents, loadConversationIntents } = useIntents();
  const [scope, setScope] = useState<"here" | "all">("here");
  const [writing, setWriting] = useState(false);
  useEffect(() => {
    if (conversationId) loadConversationIntents(conversationId);
  }, [conversationId, loadConversationIntents]);

  const here = intents.filter((intent) => intent.conversation?.id === conversationId);
  // A focused intent of another conversation is shown in the list of all intents.
  const isFocusOutside = focusedId !== null && !here.some((intent) => intent.id === focusedId);
  const shown = conversationId === null || isFocusOutside ? "all" : scope;
  const choose = (next: string) => {
    onFocusedSeen();
    setScope(next === "all" ? "all" : "here");
  };
  return (
    <Tabs.Root value={shown} onValueChange={choose} className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 px-4 pt-3 pb-2">
        <Tabs.List aria-label={text.intents.title} className="flex rounded-lg bg-hover p-0.5 text-sm">
          <Tab
            value="here"
            name={text.intents.here}
            count={here.filter(isOpen).length}
            disabled={conversationId === null}
          />
          <Tab value="all" name={text.intents.all} count={intents.filter(isOpen).length} />
        </Tabs.List>
        <Writing>
          <IconButton icon="plus" label={text.intents.new} onClick={() => setWriting(true)} className="ml-auto" />
        </Writing>
      </div>
      <Tabs.Content value="here" className="min-h-0 flex-1 overflow-y-auto scroll-smooth px-4 pb-6">
        <IntentCards intents={here} focusedId={focusedId} />
      </Tabs.Content>
      <Tabs.Content value="all" className="min-h-0 flex-1 overflow-y-auto scroll-smooth px-4 pb-6">
        <IntentCards intents={intents} focusedId={focusedId} whole />
      </Tabs.Content>
      <IntentForm open={writing} onOpenChange={setWriting} conversationId={shown === "here" ? conversationId : null} />
    </Tabs.Root>
  );
}

type TabProps = { value: string; name: string; count: number; disabled?: boolean };

function Tab({ value, name, count, disabled = false }: TabProps) {
  const { language, text } = useLanguage();
  return (
    <Tabs.Trigger
      value={value}
      disabled={disabled}
      className="flex min-h-8 items-center gap-1.5 rounded-md px-3 font-medium whitespace-nowrap text-soft disabled:opacity-50 data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-sm"
    >
      {name}
      {count > 0 && (
        <span className="text-xs text-wave tabular-nums" title={text.intents.openCount(count)}>
          <span aria-hidden="true">{new Intl.NumberFormat(language).format(count)}</span>
          <span className="sr-only">{text.intents.openCount(count)}</span>
        </span>
      )}
    </Tabs.Trigger>
  );
}

type CardsProps = { intents: readonly Intent[]; focusedId: string | null; whole?: boolean };

function IntentCards({ intents, focusedId, whole = false }: CardsProps) {
  const text = useText();
  const { loading, failure, reload, hasMore, loadMore } = useIntents();
  if (intents.length === 0) {
    if (failure) return <LoadFailed title={text.intents.failed} failure={failure} onRetry={reload} />;
    if (loading) return <Loading />;
    return <EmptyState title={text.intents.empty} hint={text.intents.emptyHint} />;
  }
  return (
    <>
      <ul className="space-y-2.5">
        {intents.map((intent) => (
          <IntentCard key={intent.id} intent={intent} focused={intent.id === focusedId} />
        ))}
      </ul>
      {whole && hasMore && (
        <Button look="quiet" className="mt-3 w-full" onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
    </>
  );
}
