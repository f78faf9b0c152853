import { type ComponentType, lazy } from "react";
import { NotFound } from "@/app/NotFound";
import type { Route } from "@/lib/route";

/** A page other than the chat, loaded when it is first opened; `id` is the open item. */
type Page = ComponentType<{ id: string | null }>;

export const pages: Record<Exclude<Route["page"], "chat">, Page> = {
  intents: lazy(() => import("@/app/IntentsLayout").then((module) => ({ default: module.IntentsLayout }))),
  notifications: lazy(() =>
    import("@/features/notifications/NotificationsPage").then((module) => ({ default: module.NotificationsPage })),
  ),
  specifications: lazy(() =>
    import("@/features/specifications/SpecificationsPage").then((module) => ({ default: module.SpecificationsPage })),
  ),
  decisions: lazy(() => import("@/app/DecisionsLayout").then((module) => ({ default: module.DecisionsLayout }))),
  memory: lazy(() => import("@/features/memory/MemoryPage").then((module) => ({ default: module.MemoryPage }))),
  overview: lazy(() => import("@/features/overview/OverviewPage").then((module) => ({ default: module.OverviewPage }))),
  trash: lazy(() => import("@/app/TrashLayout").then((module) => ({ default: module.TrashLayout }))),
  settings: lazy(() => import("@/app/SettingsLayout").then((module) => ({ default: module.SettingsLayout }))),
  project: lazy(() => import("@/features/projects/ProjectPage").then((module) => ({ default: module.ProjectPage }))),
  notFound: NotFound,
};
