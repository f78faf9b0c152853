import { useSyncExternalStore } from "react";

/** What the page shows: one conversation, or the beginning of a new one. */
export type Route = { conversationId: string | null };

const CONVERSATION = /^\/c\/([0-9a-zA-Z-]+)\/?$/;
const listeners = new Set<() => void>();

export function parseRoute(path: string): Route {
  return { conversationId: CONVERSATION.exec(path)?.[1] ?? null };
}

export function pathOf({ conversationId }: Route): string {
  return conversationId ? `/c/${conversationId}` : "/";
}

export function navigate(route: Route) {
  const path = pathOf(route);
  if (path !== location.pathname) history.pushState(null, "", path);
  for (const listener of [...listeners]) listener();
}

/** The current route, live; back and forward included. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.pathname));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}
