import type { IconName } from "@/components/Icon";
import type { PageName } from "@/lib/route";

/** The pages in menu order, each with its icon and the key to press after `g`. */
export const navItems: readonly { page: PageName; icon: IconName; key: string }[] = [
  { page: "chat", icon: "chat", key: "c" },
  { page: "intents", icon: "board", key: "i" },
  { page: "notifications", icon: "bell", key: "n" },
  { page: "specifications", icon: "page", key: "s" },
  { page: "decisions", icon: "fork", key: "d" },
  { page: "memory", icon: "layers", key: "m" },
  { page: "overview", icon: "chart", key: "o" },
  { page: "trash", icon: "trash", key: "t" },
  { page: "settings", icon: "settings", key: "," },
];
