import { useState } from "react";
import { Button } from "@/components/Button";
import { RouteLink } from "@/components/RouteLink";
import { AuditTrail } from "@/features/audit/AuditTrail";
import { ChangePassword } from "@/features/identity/ChangePassword";
import { NewProject } from "@/features/projects/NewProject";
import { Setting, SettingsPage } from "@/features/settings/SettingsPage";
import { useViewer } from "@/features/settings/useViewer";
import { Tokens } from "@/features/tokens/Tokens";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";

/** The settings page, with password and tokens for a signed-in user and the security log for an owner. */
export function SettingsLayout() {
  const text = useText();
  const viewer = useViewer();
  const [tokenList, setTokenList] = useState(0);
  const [newProject, setNewProject] = useState(false);
  const signedIn = viewer?.access === "SESSION";
  return (
    <SettingsPage>
      <Setting name={text.projects.several} hint={text.projects.newHint}>
        <Button icon="plus" onClick={() => setNewProject(true)}>
          {text.projects.new}
        </Button>
        <NewProject open={newProject} onOpenChange={setNewProject} />
      </Setting>
      <Setting name={text.agents.open} hint={text.agents.openHint}>
        <RouteLink to={toPage("agents")} className="text-sm text-wave underline underline-offset-4">
          {text.agents.open}
        </RouteLink>
      </Setting>
      {signedIn && (
        <>
          <Setting name={text.password.title}>
            <ChangePassword onTokensEnded={() => setTokenList((shown) => shown + 1)} />
          </Setting>
          <Setting name={text.tokens.title} hint={text.tokens.hint}>
            <Tokens key={tokenList} />
          </Setting>
          {viewer.role === "OWNER" && <AuditTrail />}
        </>
      )}
    </SettingsPage>
  );
}
