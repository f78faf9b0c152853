import { useEffect, useState } from "react";
import { Header } from "@/app/Header";
import { useWide } from "@/app/useWide";
import { IconButton } from "@/components/Button";
import { Drawer } from "@/components/Dialog";
import { ProjectPicker } from "@/components/ProjectPicker";
import { useAttempt } from "@/components/Toasts";
import { ViewBoundary } from "@/components/Failed";
import { MessageActions, useActionSubjects, useConversationActions } from "@/features/actions/MessageActions";
import { OtherVersionsActions } from "@/features/actions/OtherVersionsActions";
import { ChatPage } from "@/features/chat/ChatPage";
import { ContextPreview, WhyThisAnswer } from "@/features/context/WhyThisAnswer";
import { ConversationList } from "@/features/conversations/ConversationList";
import { VisibilityPicker } from "@/features/conversations/VisibilityPicker";
import { ModelPicker } from "@/features/conversations/ModelPicker";
import { useConversations } from "@/features/conversations/useConversations";
import { IntentsPanel } from "@/features/intents/IntentsPanel";
import { IntentState, MessageIntents } from "@/features/intents/MessageIntents";
import { isOpen, useIntents } from "@/features/intents/useIntents";
import { ClosedField } from "@/features/projects/ClosedField";
import { ReadOnlyField } from "@/features/projects/ReadOnlyField";
import { type Project, useProjectList } from "@/features/projects/useProjectList";
import { AssistantNotice } from "@/features/settings/AssistantNotice";
import { ConnectionBanner } from "@/features/settings/ConnectionState";
import { useViewer } from "@/features/settings/useViewer";
import { useText } from "@/lib/language";
import { useFollowProject, useProjects } from "@/lib/projects";
import { useStorage } from "@/lib/storage";

const INTENTS_PANEL_MIN_PX = 1240;

type LayoutProps = {
  conversationId: string | null;
  at: string | null;
  hasList: boolean;
  onMenu: (() => void) | undefined;
  onSearch: () => void;
  focusedIntent: string | null;
  onFocusIntent: (id: string | null) => void;
};

/** The conversation list, the open conversation and its intents: next to each other, or in drawers on small screens. */
export function ChatLayout({
  conversationId,
  at,
  hasList,
  onMenu,
  onSearch,
  focusedIntent,
  onFocusIntent,
}: LayoutProps) {
  const text = useText();
  const { find, ensureLoaded, chooseModel } = useConversations();
  const conversation = conversationId === null ? undefined : find(conversationId);
  const unknown = conversation === undefined; // also after the list was read, which leaves out archived projects
  useEffect(() => {
    if (conversationId && unknown) ensureLoaded(conversationId);
  }, [conversationId, unknown, ensureLoaded]);
  useConversationActions(conversationId);
  useFollowProject(conversation?.project);
  const title = conversation?.title;
  const models = useViewer()?.availableModels ?? [];
  const attempt = useAttempt();
  const [newModel, setNewModel] = useState<string | null>(null);
  const { chosen } = useProjects();
  const [newProject, setNewProject] = useState<string | null>(null);
  const { all } = useProjectList();
  const projectId = conversationId === null ? (chosen?.id ?? newProject) : conversation?.project.id;
  const project = all.find(({ id }) => id === projectId);
  const readOnly = project?.role === "READER";
  const closed = all.find(({ id, archived }) => archived && id === projectId);
  const hasPanelSpace = useWide(INTENTS_PANEL_MIN_PX);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [panelHidden, setPanelHidden] = useStorage("resonant.intentsHidden");
  const shown = focusedIntent !== null || (hasPanelSpace ? panelHidden === null : drawerOpen);

  const toggle = () => {
    if (hasPanelSpace) setPanelHidden(shown ? "yes" : null);
    else setDrawerOpen(!shown);
    if (shown) onFocusIntent(null);
  };
  const intents = (
    <ViewBoundary resetKey={conversationId ?? ""}>
      <IntentsPanel
        conversationId={conversationId}
        focusedId={focusedIntent}
        onFocusedSeen={() => onFocusIntent(null)}
      />
    </ViewBoundary>
  );
  return (
    <>
      {hasList && (
        <aside
          aria-label={text.conversations.title}
          className="flex w-68 shrink-0 flex-col border-r border-line bg-shelf"
        >
          <ViewBoundary resetKey="">
            <ConversationList currentId={conversationId} onOpen={() => undefined} />
          </ViewBoundary>
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <Header
          title={conversationId === null ? text.conversations.new : (title ?? "")}
          onMenu={onMenu}
          onSearch={onSearch}
        >
          <IntentsToggle shown={shown} onToggle={toggle} />
        </Header>
        <ConnectionBanner />
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <ViewBoundary resetKey={conversationId ?? ""}>
            <ChatPage
              conversationId={conversationId}
              at={at}
              newModel={newModel}
              newProject={chosen?.id ?? newProject}
              closed={closedField(closed, readOnly && project)}
              below={(messageId) => <Outcome messageId={messageId} onOpen={onFocusIntent} />}
              otherVersions={({ id, conversation }) => (
                <OtherVersionsActions key={id} messageId={id} conversationId={conversation.id} />
              )}
              explanation={(messageId) => <WhyThisAnswer messageId={messageId} />}
              notice={<AssistantNotice />}
              foot={(draft) => (
                <>
                  <ModelPicker
                    models={models}
                    chosen={conversationId === null ? newModel : (conversation?.model ?? null)}
                    onChoose={(model) => {
                      if (conversationId === null) setNewModel(model);
                      else void attempt(() => chooseModel(conversationId, model));
                    }}
                  />
                  {conversation && <VisibilityPicker conversation={conversation} />}
                  {conversationId === null && <ProjectPicker side="top" value={newProject} onChange={setNewProject} />}
                  <ContextPreview
                    conversationId={conversationId}
                    projectId={conversationId === null ? (chosen?.id ?? newProject) : null}
                    draft={draft}
                  />
                </>
              )}
            />
          </ViewBoundary>
        </main>
      </div>
      {shown && hasPanelSpace && (
        <aside aria-label={text.intents.title} className="flex w-88 shrink-0 flex-col border-l border-line bg-shelf">
          <h2 className="flex h-14 shrink-0 items-center px-4 font-semibold">{text.intents.title}</h2>
          {intents}
        </aside>
      )}
      {shown && !hasPanelSpace && (
        <Drawer open onOpenChange={toggle} title={text.intents.title} side="right">
          {intents}
        </Drawer>
      )}
    </>
  );
}

/** What takes the place of the message field where nothing can be written. */
function closedField(archived: Project | undefined, read: Project | false | undefined) {
  if (read) return <ReadOnlyField project={read} />;
  return archived && <ClosedField project={archived} />;
}

/** The results of a message: its actions, and the intents that no action shows. */
function Outcome({ messageId, onOpen }: { messageId: string; onOpen: (intentId: string) => void }) {
  const shown = useActionSubjects(messageId);
  return (
    <>
      <MessageActions messageId={messageId} stateOf={(id) => <IntentState id={id} onOpen={onOpen} />} />
      <MessageIntents messageId={messageId} except={shown} onOpen={onOpen} />
    </>
  );
}

function IntentsToggle({ shown, onToggle }: { shown: boolean; onToggle: () => void }) {
  const text = useText();
  const { intents } = useIntents();
  const active = intents.filter(isOpen).length;
  return (
    <div className="relative">
      <IconButton
        icon="waves"
        label={shown ? text.intents.hide : text.intents.show}
        aria-pressed={shown}
        onClick={onToggle}
      />
      {active > 0 && (
        <span
          title={text.intents.active(active)}
          className="pointer-events-none absolute top-1.5 right-1.5 size-2 rounded-full bg-wave"
        />
      )}
    </div>
  );
}
