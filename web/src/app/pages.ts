import { type ComponentType, lazy } from "react";
import type { PageName } from "@/lib/route";

/** A page other than the chat: loaded when it is first opened; `id` is the one thing that is open on it. */
type Page = ComponentType<{ id: string | null }>;

export const pages: Record<Exclude<PageName, "chat">, Page> = {
  intents: lazy(() => import("@/features/intents/IntentsPage").then((module) => ({ default: module.IntentsPage }))),
  notifications: lazy(() =>
    import("@/features/notifications/NotificationsPage").then((module) => ({ default: module.NotificationsPage })),
  ),
  specifications: lazy(() =>
    import("@/features/specifications/SpecificationsPage").then((module) => ({ default: module.SpecificationsPage })),
  ),
  decisions: lazy(() =>
    import("@/features/decisions/DecisionsPage").then((module) => ({ default: module.DecisionsPage })),
  ),
  settings: lazy(() => import("@/features/settings/SettingsPage").then((module) => ({ default: module.SettingsPage }))),
};
