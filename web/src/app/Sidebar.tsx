import { Icon } from "@/components/Icon";
import { Mark } from "@/components/Mark";
import { RouteLink } from "@/components/RouteLink";
import { ConversationList } from "@/features/conversations/ConversationList";
import { ConnectionDot } from "@/features/settings/ConnectionState";
import { SettingsMenu } from "@/features/settings/SettingsMenu";
import { useText } from "@/lib/language";

type SidebarProps = { conversationId: string | null; onOpen: () => void };

/** The way to every conversation, a new one first; settings and the state of the connection at its foot. */
export function Sidebar({ conversationId, onOpen }: SidebarProps) {
  const text = useText();
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-14 shrink-0 items-center gap-2.5 px-4">
        <Mark className="size-6 text-wave" />
        <span className="font-display text-lg tracking-tight">{text.product}</span>
      </div>
      <div className="px-3 pb-2">
        <RouteLink
          to={{ conversationId: null }}
          onOpen={onOpen}
          className="flex min-h-10 items-center gap-2.5 rounded-xl border border-line bg-raised px-3 text-sm font-medium hover:bg-hover"
        >
          <Icon name="plus" className="size-4.5 text-wave" />
          {text.conversations.new}
        </RouteLink>
      </div>
      <ConversationList currentId={conversationId} onOpen={onOpen} />
      <div className="flex shrink-0 items-center gap-1 border-t border-line p-2">
        <SettingsMenu />
        <ConnectionDot />
      </div>
    </div>
  );
}
