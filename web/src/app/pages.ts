import { type ComponentType, lazy } from "react";
import { NotFound } from "@/app/NotFound";
import type { Route } from "@/lib/route";

/** A page other than the chat, loaded when it is first opened; `id` is the open item. */
type Page = ComponentType<{ id: string | null }>;
type Module = { default: Page };

const preloads = new Map<Page, () => Promise<unknown>>();

function loadedWhenOpened(load: () => Promise<Page>): Page {
  let loaded: Module | null = null;
  const preload = async () => (loaded = { default: await load() });
  const page = lazy(() => (loaded ? atOnce(loaded) : preload())) as Page;
  preloads.set(page, preload);
  return page;
}

/** A promise that calls back at once: React renders the page without a fallback before it. */
const atOnce = (module: Module) =>
  ({ then: (done: (module: Module) => void) => done(module) }) as unknown as Promise<Module>;

export const pages: Record<Exclude<Route["page"], "chat">, Page> = {
  intents: loadedWhenOpened(() => import("@/app/IntentsLayout").then((module) => module.IntentsLayout)),
  notifications: loadedWhenOpened(() =>
    import("@/features/notifications/NotificationsPage").then((module) => module.NotificationsPage),
  ),
  specifications: loadedWhenOpened(() =>
    import("@/features/specifications/SpecificationsPage").then((module) => module.SpecificationsPage),
  ),
  decisions: loadedWhenOpened(() => import("@/app/DecisionsLayout").then((module) => module.DecisionsLayout)),
  memory: loadedWhenOpened(() => import("@/features/memory/MemoryPage").then((module) => module.MemoryPage)),
  overview: loadedWhenOpened(() => import("@/features/overview/OverviewPage").then((module) => module.OverviewPage)),
  trash: loadedWhenOpened(() => import("@/app/TrashLayout").then((module) => module.TrashLayout)),
  settings: loadedWhenOpened(() => import("@/app/SettingsLayout").then((module) => module.SettingsLayout)),
  project: loadedWhenOpened(() => import("@/app/ProjectLayout").then((module) => module.ProjectLayout)),
  invite: loadedWhenOpened(() => import("@/features/projects/InvitePage").then((module) => module.InvitePage)),
  agents: loadedWhenOpened(() => import("@/app/AgentsLayout").then((module) => module.AgentsLayout)),
  notFound: NotFound,
};

/** Loads the page of a route, so that the first render shows it. A failure is shown when the page is rendered. */
export async function preloadPage(name: Route["page"]): Promise<void> {
  if (name !== "chat")
    await preloads
      .get(pages[name])?.()
      .catch(() => undefined);
}
