import type { IconName } from "@/components/Icon";
import { useHasProjects } from "@/lib/projects";
import type { PageName } from "@/lib/route";

type NavItem = { page: PageName; icon: IconName; key: string };

/** The pages in menu order, each with its icon and the key to press after `g`. */
const navItems: readonly NavItem[] = [
  { page: "project", icon: "folder", key: "p" },
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

/** The pages that the reader can go to; that of the project only when there are several projects. */
export function useNavItems(): readonly NavItem[] {
  const hasProjects = useHasProjects();
  return hasProjects ? navItems : withoutProject;
}

const withoutProject = navItems.filter(({ page }) => page !== "project");
