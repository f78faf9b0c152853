import { useMemo } from "react";
import { type Command, useOfferedCommands } from "@/components/useCommands";
import { useLanguage } from "@/lib/language";
import { useProjects } from "@/lib/projects";
import { requestQuickAdd } from "@/lib/quickAdd";
import { showIntroduction } from "@/lib/introduction";
import { navigate, toConversation, toPage } from "@/lib/route";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";
import { type Theme, useTheme } from "@/lib/theme";

const THEMES: readonly Theme[] = ["light", "dark", "system"];

/** Opens the field for a to-do, with this text in it. */
export function newTask(text = "") {
  navigate(toPage("intents"));
  requestQuickAdd(text);
}

/** What the command palette can do everywhere, after what the open page offers. */
export function useShellCommands(onShortcuts: () => void, onNewProject: () => void): readonly Command[] {
  const { text, language, setLanguage } = useLanguage();
  const [theme, setTheme] = useTheme();
  const offered = useOfferedCommands();
  const { projects } = useProjects();
  return useMemo(() => {
    const command = (
      id: string,
      icon: Command["icon"],
      nameIn: (of: typeof en) => string,
      run: () => void,
      keys: readonly string[] = [],
    ): Command => ({ id, icon, name: nameIn(text), names: [nameIn(en), nameIn(ja)], keys, run });
    return [
      ...offered,
      command(
        "task",
        "plus",
        (of) => of.commands.newTask,
        () => newTask(),
        ["T"],
      ),
      command(
        "conversation",
        "chat",
        (of) => of.conversations.new,
        () => navigate(toConversation(null)),
        ["N"],
      ),
      command("project", "folder", (of) => of.projects.new, onNewProject),
      ...(projects.length > 1 ? projects : []).map((each) =>
        command(
          `project ${each.id}`,
          "folder",
          (of) => of.projects.goTo(each.name),
          () => navigate({ ...toPage("project"), project: each.slug }),
        ),
      ),
      ...THEMES.filter((each) => each !== theme).map((each) =>
        command(
          `theme ${each}`,
          "image",
          (of) => of.commands.themes[each],
          () => setTheme(each),
        ),
      ),
      command(
        "language",
        "again",
        (of) => of.commands.language,
        () => setLanguage(language === "en" ? "ja" : "en"),
      ),
      command(
        "agents",
        "keys",
        (of) => of.agents.open,
        () => navigate(toPage("agents")),
      ),
      command("shortcuts", "keys", (of) => of.shortcuts.title, onShortcuts, ["?"]),
      command(
        "introduction",
        "info",
        (of) => of.commands.introduction,
        () => {
          showIntroduction();
          navigate(toConversation(null));
        },
      ),
    ];
  }, [offered, projects, text, theme, setTheme, language, setLanguage, onShortcuts, onNewProject]);
}
