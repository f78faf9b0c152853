import { type ReactNode, useState } from "react";
import { Button } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import type { AccessKind } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { AgentRow } from "./AgentRow";
import { Connect } from "./Connect";
import { type Agent, useAgents } from "./useAgents";

type PageProps = {
  access: AccessKind | null;
  /** The actions of an agent, rendered by the feature of actions. */
  actionsOf: (agent: Agent) => ReactNode;
};

/** How to connect a coding agent, the agents that used this server, and what each of them did. */
export function AgentsPage({ access, actionsOf }: PageProps) {
  const { agents: text } = useText();
  const list = useAgents();
  const [endedToken, setEndedToken] = useState<string | null>(null);
  const onEnded = (tokenId: string) => {
    setEndedToken(tokenId);
    list.reload();
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl space-y-8 px-4 pt-4 pb-10">
        <section className="space-y-4">
          <p className="text-sm text-soft">{text.hint}</p>
          {access === null ? <Loading /> : <Connect access={access} endedToken={endedToken} />}
        </section>
        <section aria-labelledby="agents" className="space-y-3">
          <div>
            <h2 id="agents" className="font-medium">
              {text.list}
            </h2>
            <p className="text-sm text-soft">{text.listHint}</p>
          </div>
          <AgentRows list={list} actionsOf={actionsOf} onEnded={onEnded} />
        </section>
      </div>
    </div>
  );
}

type RowsProps = Pick<PageProps, "actionsOf"> & {
  list: ReturnType<typeof useAgents>;
  onEnded: (tokenId: string) => void;
};

function AgentRows({ list, actionsOf, onEnded }: RowsProps) {
  const text = useText();
  const [openId, setOpenId] = useState<string | null>(null);
  const { rows, loading, failure, reload, hasMore, loadingMore, loadMore } = list;
  if (failure && rows.length === 0) return <LoadFailed title={text.agents.failed} failure={failure} onRetry={reload} />;
  if (loading && rows.length === 0) return <Loading />;
  if (rows.length === 0) return <EmptyState icon="keys" title={text.agents.empty} hint={text.agents.emptyHint} />;
  return (
    <>
      <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-raised">
        {rows.map((agent) => (
          <AgentRow
            key={agent.id}
            agent={agent}
            open={agent.id === openId}
            onOpen={(open) => setOpenId(open ? agent.id : null)}
            onEnded={onEnded}
          >
            {actionsOf(agent)}
          </AgentRow>
        ))}
      </ul>
      {hasMore && (
        <Button look="quiet" className="w-full" disabled={loadingMore} onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
    </>
  );
}
