import { type ReactNode, Suspense, lazy, useCallback, useEffect, useState } from "react";
import { ChatLayout } from "@/app/ChatLayout";
import { Header } from "@/app/Header";
import { NavLinks, Rail } from "@/app/Rail";
import { useNavItems } from "@/app/navigation";
import { pages } from "@/app/pages";
import { newTask, useShellCommands } from "@/app/useShellCommands";
import { useWide } from "@/app/useWide";
import { Drawer } from "@/components/Dialog";
import { ViewBoundary } from "@/components/Failed";
import { Loading } from "@/components/Notice";
import { ConversationList } from "@/features/conversations/ConversationList";
import { useNotifications } from "@/features/notifications/useNotifications";
import { ArchivedBanner } from "@/features/projects/ArchivedBanner";
import { NewProject } from "@/features/projects/NewProject";
import { ProjectButton } from "@/features/projects/ProjectButton";
import { ProjectSwitcher } from "@/features/projects/ProjectSwitcher";
import { SearchDialog } from "@/features/search/SearchDialog";
import { ConnectionBanner, ConnectionDot } from "@/features/settings/ConnectionState";
import { useText } from "@/lib/language";
import { useHasProjects, useProjects } from "@/lib/projects";
import { navigate, toConversation, toPage, useRoute } from "@/lib/route";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";
import { useShortcuts } from "@/lib/useShortcuts";

const ShortcutsDialog = lazy(() =>
  import("@/app/ShortcutsDialog").then((module) => ({ default: module.ShortcutsDialog })),
);
const RAIL_MIN_PX = 640;
const LIST_MIN_PX = 900;

type ShellProps = { focusedIntent: string | null; onFocusIntent: (id: string | null) => void };

/** The navigation and the open page; on narrow windows the navigation is a drawer. */
export function Shell({ focusedIntent, onFocusIntent }: ShellProps) {
  const text = useText();
  const { page, id, at } = useRoute();
  const hasRail = useWide(RAIL_MIN_PX);
  const hasList = useWide(LIST_MIN_PX);
  const [menuOpen, setMenuOpen] = useState(false);
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  const [searchOpen, setSearchOpen] = useState(false);
  const [projectsOpen, setProjectsOpen] = useState(false);
  const [newProjectOpen, setNewProjectOpen] = useState(false);
  const openShortcuts = useCallback(() => setShortcutsOpen(true), []);
  const openNewProject = useCallback(() => setNewProjectOpen(true), []);
  const hasProjects = useHasProjects();
  const navItems = useNavItems();
  useTitle(text.pages[page]);
  useShortcuts({
    "?": openShortcuts,
    "mod+k": () => setSearchOpen(!searchOpen),
    // Without projects to choose from, the keys print the page.
    ...(hasProjects ? { "mod+p": () => setProjectsOpen(!projectsOpen) } : {}),
    n: () => navigate(toConversation(null)),
    t: () => newTask(),
    "/": () => document.querySelector<HTMLElement>("main textarea, main input")?.focus(),
    ...Object.fromEntries(navItems.map((item) => [`g ${item.key}`, () => navigate(toPage(item.page))])),
  });

  const offered = navItems.map((item) => ({
    name: text.pages[item.page],
    names: [en.pages[item.page], ja.pages[item.page], item.page],
    icon: item.icon,
    keys: ["G", item.key.toUpperCase()],
    route: toPage(item.page),
  }));
  const openSearch = () => setSearchOpen(true);
  const commands = useShellCommands(openShortcuts, openNewProject);
  const needsMenu = !hasRail || (page === "chat" && !hasList);
  const onMenu = needsMenu ? () => setMenuOpen(true) : undefined;
  const Page = page === "chat" ? null : pages[page];
  return (
    <div className="flex h-full">
      <a
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
        className="sr-only z-60 rounded-lg bg-raised px-4 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {text.skipToContent}
      </a>
      {hasRail && <Rail onProjects={() => setProjectsOpen(true)} />}
      {needsMenu && (
        <Drawer open={menuOpen} onOpenChange={setMenuOpen} title={text.pages.title} side="left">
          <div className="flex min-h-0 flex-1 flex-col">
            {!hasRail && (
              <div className="border-b border-line p-2">
                <ProjectButton
                  look="row"
                  onOpen={() => {
                    setMenuOpen(false);
                    setProjectsOpen(true);
                  }}
                />
                <NavLinks look="rows" onOpen={() => setMenuOpen(false)} />
              </div>
            )}
            <ConversationList currentId={page === "chat" ? id : null} onOpen={() => setMenuOpen(false)} />
            <ConnectionDot />
          </div>
        </Drawer>
      )}
      {Page ? (
        <Frame title={text.pages[page]} onMenu={onMenu} onSearch={openSearch}>
          <ViewBoundary resetKey={`${page} ${id}`}>
            <Suspense fallback={<Loading />}>
              <Page id={id} />
            </Suspense>
          </ViewBoundary>
        </Frame>
      ) : (
        <ChatLayout
          conversationId={id}
          at={at ?? null}
          hasList={hasList}
          onMenu={onMenu}
          onSearch={openSearch}
          focusedIntent={focusedIntent}
          onFocusIntent={onFocusIntent}
        />
      )}
      <ViewBoundary resetKey={`${searchOpen} ${shortcutsOpen} ${projectsOpen}`}>
        {searchOpen && (
          <SearchDialog open onOpenChange={setSearchOpen} navItems={offered} commands={commands} onTask={newTask} />
        )}
        <ProjectSwitcher open={projectsOpen} onOpenChange={setProjectsOpen} onNew={openNewProject} />
        <NewProject open={newProjectOpen} onOpenChange={setNewProjectOpen} />
        <Suspense>{shortcutsOpen && <ShortcutsDialog open onOpenChange={setShortcutsOpen} />}</Suspense>
      </ViewBoundary>
    </div>
  );
}

type FrameProps = { title: string; onMenu: (() => void) | undefined; onSearch: () => void; children: ReactNode };

function Frame({ title, onMenu, onSearch, children }: FrameProps) {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <Header title={title} onMenu={onMenu} onSearch={onSearch} />
      <ConnectionBanner />
      <ArchivedBanner />
      <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  );
}

/** Sets the window title: the unread count, visible from other tabs, the page and the chosen project. */
function useTitle(page: string) {
  const { product } = useText();
  const { unreadCount } = useNotifications();
  const project = useProjects().chosen?.name;
  useEffect(() => {
    const names = [page, ...(project === undefined ? [] : [project]), product];
    document.title = `${unreadCount > 0 ? `(${unreadCount}) ` : ""}${names.join(" · ")}`;
  }, [page, project, product, unreadCount]);
}
