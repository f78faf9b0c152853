import { useSyncExternalStore } from "react";

export const PAGES = [
  "chat",
  "intents",
  "notifications",
  "specifications",
  "decisions",
  "memory",
  "overview",
  "trash",
  "settings",
] as const;
export type PageName = (typeof PAGES)[number];

/** The pages whose address can name an open item. */
const PAGES_WITH_ITEMS: readonly PageName[] = ["intents", "specifications", "decisions", "memory"];

/** What the window shows: a page, its open item, and the message to scroll to. */
export type Route = { page: PageName | "notFound"; id: string | null; at?: string | null };

const CONVERSATION = /^\/c\/([0-9a-zA-Z-]+)\/?$/;
const PAGE = /^\/([a-z]+)(?:\/([0-9a-zA-Z-]+))?\/?$/;
const listeners = new Set<() => void>();

export const toConversation = (id: string | null, at: string | null = null): Route => ({ page: "chat", id, at });
export const toPage = (page: PageName, id: string | null = null): Route => ({ page, id });

/** The route of an address; "notFound" for an unknown one. */
export function parseRoute(address: string): Route {
  const [path = "/", at] = address.split("#");
  const conversation = CONVERSATION.exec(path)?.[1];
  if (conversation) return toConversation(conversation, at ?? null);
  const [, name, id] = PAGE.exec(path) ?? [];
  const page = PAGES.find((each) => each === name);
  if (path === "/") return toConversation(null);
  if (page === undefined || (id !== undefined && !PAGES_WITH_ITEMS.includes(page)))
    return { page: "notFound", id: null };
  return toPage(page, id ?? null);
}

export function pathOf({ page, id, at }: Route): string {
  if (page === "chat") return id ? `/c/${id}${at ? `#${at}` : ""}` : "/";
  return id ? `/${page}/${id}` : `/${page}`;
}

export function navigate(route: Route) {
  const path = pathOf(route);
  if (path !== address()) history.pushState(null, "", path);
  for (const listener of [...listeners]) listener();
}

/** The current route; follows back and forward. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, address));
}

const address = () => location.pathname + location.hash;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  addEventListener("hashchange", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
    removeEventListener("hashchange", listener);
  };
}
