import { type ReactNode, useState } from "react";
import { Choices } from "@/components/Choices";
import { DESKTOP, canShowOnDesktop } from "@/lib/desktop";
import { useLanguage } from "@/lib/language";
import { useStorage } from "@/lib/storage";
import { useTheme } from "@/lib/theme";
import { SINGLE_KEYS } from "@/lib/useShortcuts";
import { HowToConfigure } from "./AssistantNotice";
import { SignOutButton } from "./SignOutButton";
import { ModelForm } from "./ModelForm";
import { ZoneField } from "./ZoneField";
import { canEnterModel, useViewer } from "./useViewer";

/** The reader's settings: language, appearance, time zone, shortcuts, desktop notifications and the assistant. */
export function SettingsPage({ children }: { children?: ReactNode }) {
  const { language, text, setLanguage } = useLanguage();
  const [theme, setTheme] = useTheme();
  const [keys, setKeys] = useStorage(SINGLE_KEYS);
  const viewer = useViewer();
  const { settings } = text;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl divide-y divide-line px-4 pb-10">
        <Setting name={settings.language}>
          <Choices
            label={settings.language}
            value={language}
            onChange={setLanguage}
            choices={[
              ["ja", "日本語"],
              ["en", "English"],
            ]}
          />
        </Setting>
        <Setting name={settings.theme}>
          <Choices
            label={settings.theme}
            value={theme}
            onChange={setTheme}
            choices={[
              ["light", settings.themes.light],
              ["dark", settings.themes.dark],
              ["system", settings.themes.system],
            ]}
          />
        </Setting>
        <Setting name={settings.zone} hint={settings.zoneHint}>
          <ZoneField />
        </Setting>
        <Setting name={settings.desktop} hint={settings.desktopHint}>
          <DesktopNotifications />
        </Setting>
        <Setting name={settings.keys} hint={settings.keysHint}>
          <Choices
            label={settings.keys}
            value={keys === "off" ? "off" : "on"}
            onChange={(value) => setKeys(value === "off" ? "off" : null)}
            choices={[
              ["on", settings.on],
              ["off", settings.off],
            ]}
          />
        </Setting>
        <Setting name={settings.assistant}>
          <Assistant />
        </Setting>
        {viewer && canEnterModel(viewer) && (
          <Setting name={text.model.title}>
            <ModelForm />
          </Setting>
        )}
        <Setting name={settings.graphiql} hint={settings.graphiqlHint}>
          <a
            href="/graphiql"
            target="_blank"
            rel="noreferrer"
            className="text-sm text-wave underline underline-offset-4"
          >
            {settings.graphiqlOpen}
          </a>
        </Setting>
        {children}
        {viewer?.access === "SESSION" && (
          <Setting name={settings.account} hint={viewer.displayName}>
            <SignOutButton />
          </Setting>
        )}
      </div>
    </div>
  );
}

/** One setting: its name, a hint and its control. */
export function Setting({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <section className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3 py-5">
      <div className="max-w-md min-w-0">
        <h2 className="font-medium">{name}</h2>
        {hint && <p className="text-sm text-soft">{hint}</p>}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}

function DesktopNotifications() {
  const { text } = useLanguage();
  const [wanted, setWanted] = useStorage(DESKTOP);
  const [permission, setPermission] = useState(() => (canShowOnDesktop() ? Notification.permission : "denied"));
  const on = wanted === "on" && permission === "granted";
  const choose = async (value: "on" | "off") => {
    if (value === "off") {
      setWanted(null);
      return;
    }
    const given = await Notification.requestPermission();
    setPermission(given);
    if (given === "granted") setWanted("on");
  };
  if (permission === "denied") return <p className="max-w-64 text-sm text-soft">{text.settings.desktopRefused}</p>;
  return (
    <Choices
      label={text.settings.desktop}
      value={on ? "on" : "off"}
      onChange={(value) => void choose(value)}
      choices={[
        ["on", text.settings.on],
        ["off", text.settings.off],
      ]}
    />
  );
}

function Assistant() {
  const { text } = useLanguage();
  const viewer = useViewer();
  if (!viewer) return <p className="text-sm text-soft">{text.loading}</p>;
  const { name, model, offline } = viewer.assistant;
  return (
    <div className="max-w-sm text-sm">
      {offline ? (
        <HowToConfigure inSettings />
      ) : (
        <p>
          <span className="font-medium">{name}</span> {model && <span className="font-mono text-soft">{model}</span>}
        </p>
      )}
    </div>
  );
}
