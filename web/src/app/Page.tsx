import { useState } from "react";
import { Header } from "@/app/Header";
import { Sidebar } from "@/app/Sidebar";
import { useWide } from "@/app/useWide";
import { Drawer } from "@/components/Dialog";
import { ChatPage } from "@/features/chat/ChatPage";
import { IntentsPanel } from "@/features/intents/IntentsPanel";
import { MessageIntents } from "@/features/intents/MessageIntents";
import { AssistantNotice } from "@/features/settings/AssistantNotice";
import { ConnectionBanner } from "@/features/settings/ConnectionState";
import { useText } from "@/lib/language";
import { useRoute } from "@/lib/route";
import { useStored } from "@/lib/stored";

const ROOM_FOR_CONVERSATIONS = 800;
const ROOM_FOR_INTENTS = 1120;

type PageProps = { focusedIntent: string | null; onFocusIntent: (id: string | null) => void };

/** Conversations, the open one, and its intents: side by side where there is room, else in drawers. */
export function Page({ focusedIntent, onFocusIntent }: PageProps) {
  const text = useText();
  const { conversationId } = useRoute();
  const wide = useWide(ROOM_FOR_CONVERSATIONS);
  const roomy = useWide(ROOM_FOR_INTENTS);
  const [menuOpen, setMenuOpen] = useState(false);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [panelHidden, setPanelHidden] = useStored("resonant.intentsHidden");
  const panelShown = roomy ? panelHidden === null || focusedIntent !== null : drawerOpen || focusedIntent !== null;

  const toggleIntents = () => {
    if (roomy) setPanelHidden(panelShown ? "yes" : null);
    else setDrawerOpen(!panelShown);
    if (panelShown) onFocusIntent(null);
  };
  const intents = (
    <IntentsPanel conversationId={conversationId} focusedId={focusedIntent} onFocusedSeen={() => onFocusIntent(null)} />
  );
  return (
    <div className="flex h-full">
      <a
        href="#conversation"
        className="sr-only z-60 rounded-lg bg-raised px-4 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {text.skipToChat}
      </a>
      {wide ? (
        <aside className="flex w-68 shrink-0 flex-col border-r border-line bg-shelf">
          <Sidebar conversationId={conversationId} onOpen={() => undefined} />
        </aside>
      ) : (
        <Drawer open={menuOpen} onOpenChange={setMenuOpen} title={text.conversations.title} side="left" headed>
          <Sidebar conversationId={conversationId} onOpen={() => setMenuOpen(false)} />
        </Drawer>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <Header
          conversationId={conversationId}
          onMenu={wide ? undefined : () => setMenuOpen(true)}
          intentsShown={panelShown}
          onToggleIntents={toggleIntents}
        />
        <ConnectionBanner />
        <main id="conversation" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <ChatPage
            conversationId={conversationId}
            below={(messageId) => <MessageIntents messageId={messageId} onOpen={onFocusIntent} />}
            notice={<AssistantNotice />}
          />
        </main>
      </div>
      {roomy
        ? panelShown && (
            <aside
              aria-label={text.intents.title}
              className="flex w-88 shrink-0 flex-col border-l border-line bg-shelf"
            >
              <h2 className="flex h-14 shrink-0 items-center px-4 font-semibold">{text.intents.title}</h2>
              {intents}
            </aside>
          )
        : panelShown && (
            <Drawer
              open
              onOpenChange={(open) => {
                setDrawerOpen(open);
                if (!open) onFocusIntent(null);
              }}
              title={text.intents.title}
              side="right"
            >
              {intents}
            </Drawer>
          )}
    </div>
  );
}
