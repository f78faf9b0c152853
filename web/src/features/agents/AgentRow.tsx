import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { Icon } from "@/components/Icon";
import { Badge } from "@/components/Notice";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useProjects } from "@/lib/projects";
import { useRequest } from "@/lib/request";
import { RevokeAgentToken } from "./documents";
import type { Agent } from "./useAgents";

type RowProps = {
  agent: Agent;
  /** Whether its actions are shown. */
  open: boolean;
  onOpen: (open: boolean) => void;
  /** Its token was revoked. */
  onEnded: (tokenId: string) => void;
  children: ReactNode;
};

/** One agent: who it is, when it was used, its token to end, and its actions when it is open. */
export function AgentRow({ agent, open, onOpen, onEnded, children }: RowProps) {
  const { agents: text } = useText();
  const { id, name, firstUsedAt, lastUsedAt, actionCount } = agent;
  const row = useRef<HTMLLIElement>(null);
  const ended = (tokenId: string) => {
    onEnded(tokenId);
    // The button that was used is gone then.
    row.current?.focus({ preventScroll: true });
  };
  return (
    <li ref={row} tabIndex={-1}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
            <span className="font-medium wrap-anywhere">{name}</span>
            <ProjectOf agent={agent} />
          </p>
          <TokenOf agent={agent} />
          <p className="text-xs text-faint">
            {text.firstUsed} <TimeAgo at={firstUsedAt} /> · {text.lastUsed} <TimeAgo at={lastUsedAt} />
          </p>
        </div>
        <Button
          look="quiet"
          aria-expanded={open}
          aria-controls={open ? `actions-${id}` : undefined}
          aria-label={`${text.actions(actionCount)}: ${text.showActions(name)}`}
          onClick={() => onOpen(!open)}
        >
          {text.actions(actionCount)}
          <Icon name="chevron" className={open ? "rotate-180" : ""} />
        </Button>
        <Revoke agent={agent} onEnded={ended} />
      </div>
      {open && (
        <section id={`actions-${id}`} aria-label={text.actionsOf(name)} className="px-4 pb-4">
          {children}
        </section>
      )}
    </li>
  );
}

function ProjectOf({ agent: { oneProject, project } }: { agent: Agent }) {
  const { scope: text } = useText();
  const { find } = useProjects();
  const name = project ? (find(project.id)?.name ?? project.name) : oneProject ? text.goneProject : text.allProjects;
  return <Badge>{name}</Badge>;
}

function TokenOf({ agent: { token, usedToken } }: { agent: Agent }) {
  const { agents: text, scope } = useText();
  if (!token) return <p className="text-xs text-soft">{usedToken ? text.ended : text.noToken}</p>;
  return (
    <p className="flex min-w-0 items-baseline gap-1.5 text-xs text-soft">
      <span className="shrink-0">{text.token(token.name)}</span>
      <span className="min-w-0 truncate font-mono text-faint" title={token.hint}>
        {token.hint}
      </span>
      {token.readOnly && <span className="shrink-0">· {scope.readsOnly}</span>}
    </p>
  );
}

function Revoke({ agent: { name, token }, onEnded }: Pick<RowProps, "agent" | "onEnded">) {
  const { agents: text } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [asking, setAsking] = useState(false);
  if (!token) return null;
  const revoke = async () => {
    if (await attempt(() => request(RevokeAgentToken, { id: token.id }))) onEnded(token.id);
  };
  return (
    <>
      <Button aria-label={text.revokeOf(name, token.name)} onClick={() => setAsking(true)}>
        {text.revoke}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text.revokeTitle(token.name)}
        hint={text.revokeHint}
        action={text.revoke}
        onConfirm={() => void revoke()}
      />
    </>
  );
}
