import { type ReactNode, Suspense, lazy, useEffect, useState } from "react";
import { ChatRoom } from "@/app/ChatRoom";
import { Header } from "@/app/Header";
import { PlaceLinks, Rail } from "@/app/Rail";
import { places } from "@/app/navigation";
import { pages } from "@/app/pages";
import { useWide } from "@/app/useWide";
import { Drawer } from "@/components/Dialog";
import { Loading } from "@/components/Notice";
import { ConversationList } from "@/features/conversations/ConversationList";
import { useNotifications } from "@/features/notifications/useNotifications";
import { SearchDialog } from "@/features/search/SearchDialog";
import { ConnectionBanner, ConnectionDot } from "@/features/settings/ConnectionState";
import { useText } from "@/lib/language";
import { navigate, toConversation, toPage, useRoute } from "@/lib/route";
import { useShortcuts } from "@/lib/useShortcuts";

const ShortcutSheet = lazy(() => import("@/app/ShortcutSheet").then((module) => ({ default: module.ShortcutSheet })));
const ROOM_FOR_RAIL = 640;
const ROOM_FOR_CONVERSATIONS = 900;

type ShellProps = { focusedIntent: string | null; onFocusIntent: (id: string | null) => void };

/** The rail and the page that is open; on a narrow window the rail becomes a drawer. */
export function Shell({ focusedIntent, onFocusIntent }: ShellProps) {
  const text = useText();
  const { page, id, at } = useRoute();
  const hasRail = useWide(ROOM_FOR_RAIL);
  const hasList = useWide(ROOM_FOR_CONVERSATIONS);
  const [menuOpen, setMenuOpen] = useState(false);
  const [sheetOpen, setSheetOpen] = useState(false);
  const [searchOpen, setSearchOpen] = useState(false);
  useTitle(text.pages[page]);
  useShortcuts({
    "?": () => setSheetOpen(true),
    "mod+k": () => setSearchOpen(!searchOpen),
    n: () => navigate(toConversation(null)),
    "/": () => document.querySelector<HTMLElement>("main textarea, main input")?.focus(),
    ...Object.fromEntries(places.map((place) => [`g ${place.key}`, () => navigate(toPage(place.page))])),
  });

  const offered = places.map((place) => ({
    name: text.pages[place.page],
    icon: place.icon,
    route: toPage(place.page),
  }));
  const openSearch = () => setSearchOpen(true);
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
      {hasRail && <Rail />}
      {needsMenu && (
        <Drawer open={menuOpen} onOpenChange={setMenuOpen} title={text.pages.title} side="left">
          <div className="flex min-h-0 flex-1 flex-col">
            {!hasRail && (
              <div className="border-b border-line p-2">
                <PlaceLinks look="rows" onOpen={() => setMenuOpen(false)} />
              </div>
            )}
            <ConversationList currentId={page === "chat" ? id : null} onOpen={() => setMenuOpen(false)} />
            <ConnectionDot />
          </div>
        </Drawer>
      )}
      {Page ? (
        <Frame title={text.pages[page]} onMenu={onMenu} onSearch={openSearch}>
          <Suspense fallback={<Loading />}>
            <Page id={id} />
          </Suspense>
        </Frame>
      ) : (
        <ChatRoom
          conversationId={id}
          at={at ?? null}
          hasList={hasList}
          onMenu={onMenu}
          onSearch={openSearch}
          focusedIntent={focusedIntent}
          onFocusIntent={onFocusIntent}
        />
      )}
      {searchOpen && <SearchDialog open onOpenChange={setSearchOpen} places={offered} />}
      <Suspense>{sheetOpen && <ShortcutSheet open onOpenChange={setSheetOpen} />}</Suspense>
    </div>
  );
}

type FrameProps = { title: string; onMenu: (() => void) | undefined; onSearch: () => void; children: ReactNode };

function Frame({ title, onMenu, onSearch, children }: FrameProps) {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <Header title={title} onMenu={onMenu} onSearch={onSearch} />
      <ConnectionBanner />
      <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  );
}

/** The window's title: what is open, and how much is unread, for a reader who is in another tab. */
function useTitle(page: string) {
  const { product } = useText();
  const { unreadCount } = useNotifications();
  useEffect(() => {
    document.title = `${unreadCount > 0 ? `(${unreadCount}) ` : ""}${page} · ${product}`;
  }, [page, product, unreadCount]);
}
