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
  "project",
  "invite",
  "agents",
] as const;
export type PageName = (typeof PAGES)[number];

/** The pages whose address can name an open item. */
const PAGES_WITH_ITEMS: readonly PageName[] = ["intents", "specifications", "decisions", "memory", "project", "invite"];

/**
 * What the window shows: a page, its open item, and the message to scroll to. `project` is the slug of the chosen
 * project, null for all projects, and absent in links that keep what is chosen.
 */
export type Route = {
  page: PageName | "notFound";
  id: string | null;
  at?: string | null;
  project?: string | null;
  /** The slug of the record's project: the link leads there while a project is chosen. */
  recordIn?: string | null | undefined;
};

const PROJECT = /^\/p\/([^/]+)/;
const CONVERSATION = /^\/c\/([0-9a-zA-Z-]+)\/?$/;
const PAGE = /^\/([a-z]+)(?:\/([0-9a-zA-Z_-]+))?\/?$/;
const listeners = new Set<() => void>();

export const toConversation = (id: string | null, at: string | null = null): Route => ({ page: "chat", id, at });
export const toPage = (page: PageName, id: string | null = null): Route => ({ page, id });

/** The route of an address; "notFound" for an unknown one. */
export function parseRoute(address: string): Route {
  const [whole = "/", at] = address.split("#");
  const [prefix = "", slug] = PROJECT.exec(whole) ?? [];
  return { ...parsePage(whole.slice(prefix.length), at ?? null), project: slug ?? null };
}

function parsePage(path: string, at: string | null): Route {
  const conversation = CONVERSATION.exec(path)?.[1];
  if (conversation) return toConversation(conversation, at);
  const [, name, id] = PAGE.exec(path) ?? [];
  const page = PAGES.find((each) => each === name);
  if (path === "/" || path === "") return toConversation(null);
  if (page === undefined || (id !== undefined && !PAGES_WITH_ITEMS.includes(page)))
    return { page: "notFound", id: null };
  return toPage(page, id ?? null);
}

/** The address of a route. `chosen` is the slug of the chosen project, for routes that keep it. */
export function pathOf({ page, id, at, project, recordIn }: Route, chosen = chosenSlug()): string {
  const slug = project === undefined ? chosen && (recordIn ?? chosen) : project;
  const prefix = slug === null ? "" : `/p/${slug}`;
  if (page === "chat") return id ? `${prefix}/c/${id}${at ? `#${at}` : ""}` : prefix || "/";
  return id ? `${prefix}/${page}/${id}` : `${prefix}/${page}`;
}

/** Opens a route. With `replace`, it takes the place of the current one in the history. */
export function navigate(route: Route, { replace = false } = {}) {
  const path = pathOf(route);
  if (path !== address()) history[replace ? "replaceState" : "pushState"](null, "", path);
  for (const listener of [...listeners]) listener();
}

/** The current route; follows back and forward. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, address));
}

/** The slug of the chosen project in the address; null for all projects. */
export function useChosenSlug(): string | null {
  return useSyncExternalStore(subscribe, chosenSlug);
}

const chosenSlug = () => PROJECT.exec(location.pathname)?.[1] ?? null;
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
