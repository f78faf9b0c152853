import { useState } from "react";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { ProjectChoice, RightsChoice, type Scope } from "@/components/TokenScope";
import { useAttempt } from "@/components/Toasts";
import type { AccessKind } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useHasProjects, useProjectId, useProjects } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { Snippets } from "./Snippets";
import { CLIENTS, type ClientName } from "./commands";
import { CreateAgentToken } from "./documents";

/** What the command shows in place of a token that the reader has already. */
const PLACEHOLDER = "ret_...";

type ConnectProps = {
  access: AccessKind;
  /** The id of a token that was revoked here: its secret is shown no more. */
  endedToken: string | null;
};

/** A new token and its secret. */
type Made = { id: string; secret: string };

/** How to connect a client: its choice, that of the project, a new token, and the commands. */
export function Connect({ access, endedToken }: ConnectProps) {
  const { agents: text, scope: scopeText } = useText();
  const hasProjects = useHasProjects();
  const { find } = useProjects();
  const chosen = useProjectId();
  const [client, setClient] = useState<ClientName>("claudeCode");
  const [scope, setScope] = useState<Scope>({ readOnly: false, projectId: chosen });
  const [made, setMade] = useState<Made | null>(null);
  const secret = made && made.id !== endedToken ? made.secret : null;
  const local = access === "LOCAL";
  const to = {
    origin: location.origin,
    project: (scope.projectId && find(scope.projectId)?.slug) ?? null,
    token: local ? null : (secret ?? PLACEHOLDER),
  };
  return (
    <div className="space-y-4">
      <Choices
        label={text.client}
        value={client}
        onChange={setClient}
        choices={CLIENTS.map((each) => [each, text.clients[each]] as const)}
      />
      {hasProjects && (
        <ProjectChoice
          projectId={scope.projectId}
          disabled={secret !== null}
          onChange={(projectId) => setScope({ ...scope, projectId })}
        />
      )}
      {local ? (
        <p className="text-sm text-soft">{text.local}</p>
      ) : (
        <NewToken
          name={text.clients[client]}
          scope={scope}
          mayCreate={access === "SESSION"}
          made={secret !== null}
          onScope={setScope}
          onMade={setMade}
        />
      )}
      {scope.projectId && !local && <p className="text-xs text-soft">{scopeText.mcpOnly}</p>}
      <Snippets client={client} to={to} />
    </div>
  );
}

type TokenProps = {
  name: string;
  scope: Scope;
  mayCreate: boolean;
  made: boolean;
  onScope: (scope: Scope) => void;
  /** Null to make another token. */
  onMade: (made: Made | null) => void;
};

/** Makes a token with the scope. Once it is made, its scope stays as it is. */
function NewToken({ name, scope, mayCreate, made, onScope, onMade }: TokenProps) {
  const { agents: text } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [busy, setBusy] = useState(false);
  const create = async () => {
    setBusy(true);
    await attempt(async () => {
      const { createToken } = await request(CreateAgentToken, { input: { name, ...scope } });
      onMade({ id: createToken.token.id, secret: createToken.secret });
    });
    setBusy(false);
  };
  if (!mayCreate) return <p className="text-sm text-soft">{text.noSession}</p>;
  if (made)
    return (
      <Banner role="status" icon="info" actions={<Button onClick={() => onMade(null)}>{text.anotherToken}</Button>}>
        {text.tokenMade}
      </Banner>
    );
  return (
    <div className="space-y-2">
      <RightsChoice readOnly={scope.readOnly} onChange={(readOnly) => onScope({ ...scope, readOnly })} />
      <p className="text-sm text-soft">{text.tokenHint}</p>
      <Button look="primary" icon="keys" disabled={busy} onClick={() => void create()}>
        {text.makeToken}
      </Button>
    </div>
  );
}
