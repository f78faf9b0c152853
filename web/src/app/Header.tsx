import { IconButton } from "@/components/Button";
import { useConversations } from "@/features/conversations/useConversations";
import { isOpen, useIntents } from "@/features/intents/useIntents";
import { NotificationBell } from "@/features/notifications/NotificationBell";
import { AssistantBadge } from "@/features/settings/AssistantNotice";
import { useText } from "@/lib/language";

type HeaderProps = {
  conversationId: string | null;
  onMenu: (() => void) | undefined;
  intentsShown: boolean;
  onToggleIntents: () => void;
};

/** What is open, who answers, and the ways to notifications and intents. */
export function Header({ conversationId, onMenu, intentsShown, onToggleIntents }: HeaderProps) {
  const text = useText();
  const { conversations } = useConversations();
  const { intents } = useIntents();
  const active = intents.filter(isOpen).length;
  const title = conversations.find((conversation) => conversation.id === conversationId)?.title;
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2 sm:px-4">
      {onMenu && <IconButton icon="menu" label={text.openMenu} onClick={onMenu} />}
      <h1 className="min-w-0 flex-1 truncate px-1 font-medium">
        {conversationId === null ? text.conversations.new : (title ?? "")}
      </h1>
      <AssistantBadge />
      <NotificationBell />
      <div className="relative">
        <IconButton
          icon="waves"
          label={intentsShown ? text.intents.hide : text.intents.show}
          aria-pressed={intentsShown}
          onClick={onToggleIntents}
        />
        {active > 0 && (
          <span
            title={text.intents.active(active)}
            className="pointer-events-none absolute top-1.5 right-1.5 size-2 rounded-full bg-wave"
          />
        )}
      </div>
    </header>
  );
}
