import type { ReactNode } from "react";
import { IconButton } from "@/components/Button";
import { ProjectDot } from "@/components/ProjectTag";
import { NotificationBell } from "@/features/notifications/NotificationBell";
import { AssistantBadge } from "@/features/settings/AssistantNotice";
import { useText } from "@/lib/language";
import { useProjects } from "@/lib/projects";

type HeaderProps = { title: string; onMenu: (() => void) | undefined; onSearch: () => void; children?: ReactNode };

/** The page title, the assistant badge, search, notifications, and the page's own buttons. */
export function Header({ title, onMenu, onSearch, children }: HeaderProps) {
  const text = useText();
  const { chosen } = useProjects();
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2 sm:px-4">
      {onMenu && <IconButton icon="menu" label={text.openMenu} onClick={onMenu} />}
      <div className="min-w-0 flex-1 px-1">
        {chosen && (
          <p className="flex items-center gap-1.5 text-xs/4 text-faint">
            <ProjectDot hue={chosen.hue} />
            <span className="truncate">{chosen.name}</span>
          </p>
        )}
        <h1 className={`truncate font-medium ${chosen ? "leading-5" : ""}`}>{title}</h1>
      </div>
      <AssistantBadge />
      <IconButton icon="search" label={text.search.title} aria-keyshortcuts="Control+K Meta+K" onClick={onSearch} />
      <NotificationBell />
      {children}
    </header>
  );
}
