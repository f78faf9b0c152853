import type { ReactNode } from "react";
import { IconButton } from "@/components/Button";
import { NotificationBell } from "@/features/notifications/NotificationBell";
import { AssistantBadge } from "@/features/settings/AssistantNotice";
import { useText } from "@/lib/language";

type HeaderProps = { title: string; onMenu: (() => void) | undefined; onSearch: () => void; children?: ReactNode };

/** The page title, the assistant badge, search, notifications, and the page's own buttons. */
export function Header({ title, onMenu, onSearch, children }: HeaderProps) {
  const text = useText();
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2 sm:px-4">
      {onMenu && <IconButton icon="menu" label={text.openMenu} onClick={onMenu} />}
      <h1 className="min-w-0 flex-1 truncate px-1 font-medium">{title}</h1>
      <AssistantBadge />
      <IconButton icon="search" label={text.search.title} aria-keyshortcuts="Control+K Meta+K" onClick={onSearch} />
      <NotificationBell />
      {children}
    </header>
  );
}
