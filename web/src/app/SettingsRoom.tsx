import { Setting, SettingsPage } from "@/features/settings/SettingsPage";
import { useViewer } from "@/features/settings/useViewer";
import { Tokens } from "@/features/tokens/Tokens";
import { useText } from "@/lib/language";

/** The settings, and for whoever has signed in their tokens. */
export function SettingsRoom() {
  const text = useText();
  const viewer = useViewer();
  return (
    <SettingsPage>
      {viewer?.access === "SESSION" && (
        <Setting name={text.tokens.title} hint={text.tokens.hint}>
          <Tokens />
        </Setting>
      )}
    </SettingsPage>
  );
}
