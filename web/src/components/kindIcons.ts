import type { IconName } from "@/components/Icon";
import type { Kind } from "@/lib/subject";

/** The icon of each kind of row. */
export const kindIcons: Record<Kind, IconName> = {
  Conversation: "chat",
  Message: "chat",
  Intent: "board",
  Notification: "bell",
  Specification: "page",
  Decision: "fork",
  Memory: "layers",
  Project: "folder",
  Contradiction: "alert",
};
