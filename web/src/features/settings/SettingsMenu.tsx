import { Icon } from "@/components/Icon";
import { Menu, MenuChoice, MenuLine, MenuLink } from "@/components/Menu";
import { useLanguage } from "@/lib/language";
import { useTheme } from "@/lib/theme";
import { useViewer } from "./useViewer";

/** Appearance, language and the way to GraphiQL. */
export function SettingsMenu() {
  const { language, text, setLanguage } = useLanguage();
  const [theme, setTheme] = useTheme();
  const viewer = useViewer();
  const { themes } = text.settings;
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          aria-label={text.settings.account}
          className="flex min-h-10 min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2.5 text-sm hover:bg-hover"
        >
          <Icon name="settings" className="size-5 text-soft" />
          <span className="truncate">{viewer?.displayName ?? text.settings.title}</span>
        </button>
      }
    >
      <MenuChoice
        label={text.settings.theme}
        value={theme}
        onChange={setTheme}
        choices={[
          ["light", themes.light],
          ["dark", themes.dark],
          ["system", themes.system],
        ]}
      />
      <MenuLine />
      <MenuChoice
        label={text.settings.language}
        value={language}
        onChange={setLanguage}
        choices={[
          ["ja", "日本語"],
          ["en", "English"],
        ]}
      />
      <MenuLine />
      <MenuLink icon="external" href="/graphiql">
        {text.settings.graphiql}
      </MenuLink>
    </Menu>
  );
}
