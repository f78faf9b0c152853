import type { IconName } from "@/components/Icon";
import type { Kind } from "@/lib/subject";

/** The drawing that stands for a kind of thing wherever it is pointed to. */
export const kindIcons: Record<Kind, IconName> = {
  Conversation: "chat",
  Message: "chat",
  Intent: "board",
  Notification: "bell",
  Specification: "page",
  ChoicePoint: "fork",
  Memory: "layers",
  Contradiction: "alert",
};
