import { useState } from "react";
import { Provider } from "urql";
import { ProjectScope } from "@/app/ProjectScope";
import { Shell } from "@/app/Shell";
import { ViewBoundary } from "@/components/Failed";
import { ToastProvider } from "@/components/Toasts";
import { ChatProvider } from "@/features/chat/useChat";
import { ConversationsProvider } from "@/features/conversations/useConversations";
import { ActionsProvider } from "@/features/actions/useActions";
import { IntentsProvider } from "@/features/intents/useIntents";
import { NotificationsProvider, type Subject } from "@/features/notifications/useNotifications";
import { ProjectsProvider } from "@/features/projects/useProjectList";
import { ViewerProvider } from "@/features/settings/useViewer";
import { LanguageProvider } from "@/lib/language";
import { LiveSocket } from "@/lib/liveSocket";
import { createGraphQLClient } from "@/lib/request";
import { type Route, navigate, toConversation, toPage } from "@/lib/route";
import { SocketContext } from "@/lib/socketContext";

const ENDPOINT = "/graphql";

const socketUrl = () => `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${ENDPOINT}`;

/** The client: one HTTP client, one WebSocket, and the state that all pages share. */
export function App() {
  const [client] = useState(() => createGraphQLClient(ENDPOINT));
  const [socket] = useState(() => new LiveSocket(socketUrl()));
  const [focusedIntent, setFocusedIntent] = useState<string | null>(null);

  const openSubject = ({ decisionId, conversationId, messageId, intentId, project }: Subject) => {
    const open = (route: Route) => navigate({ ...route, recordIn: project });
    if (decisionId) open(toPage("decisions", decisionId));
    else if (conversationId) open(toConversation(conversationId, intentId ? null : messageId));
    else if (intentId) open(toPage("intents", intentId));
    setFocusedIntent(conversationId && !decisionId ? intentId : null);
  };
  return (
    <Provider value={client}>
      <SocketContext value={socket}>
        <LanguageProvider>
          <ViewBoundary resetKey="">
            <ToastProvider>
              <ViewerProvider>
                <ProjectsProvider>
                  <NotificationsProvider onOpen={openSubject}>
                    <ChatProvider>
                      <ProjectScope>
                        <ConversationsProvider>
                          <IntentsProvider>
                            <ActionsProvider>
                              <Shell focusedIntent={focusedIntent} onFocusIntent={setFocusedIntent} />
                            </ActionsProvider>
                          </IntentsProvider>
                        </ConversationsProvider>
                      </ProjectScope>
                    </ChatProvider>
                  </NotificationsProvider>
                </ProjectsProvider>
              </ViewerProvider>
            </ToastProvider>
          </ViewBoundary>
        </LanguageProvider>
      </SocketContext>
    </Provider>
  );
}
