import { useState } from "react";
import { Button } from "@/components/Button";
import { LoadFailed, Loading } from "@/components/Notice";
import { ProjectTag } from "@/components/ProjectTag";
import { TimeAgo } from "@/components/TimeAgo";
import { Collection, newestFirst } from "@/lib/collection";
import type { AppendedEvent } from "@/lib/feed";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { ActionRow } from "./ActionRow";
import { ActionsOfAgent } from "./documents";
import type { Action } from "./useActions";

/** What a coding agent has done or proposed, newest first, with what the reader can do about it. */
export function AgentActions({ agentId }: { agentId: string }) {
  const text = useText();
  const { rows, loading, failure, reload, hasMore, loadingMore, loadMore } = useAgentActions(agentId);
  if (failure && rows.length === 0)
    return <LoadFailed title={text.agents.actionsFailed} failure={failure} onRetry={reload} />;
  if (loading && rows.length === 0) return <Loading />;
  if (rows.length === 0) return <p className="text-sm text-soft">{text.agents.noActions}</p>;
  return (
    <>
      <ul className="space-y-2">
        {rows.map((action) => (
          <li key={action.id}>
            <ActionRow action={action} />
            <p className="flex items-center gap-2 px-3 text-xs text-faint">
              <TimeAgo at={action.createdAt} />
              <ProjectTag project={action.project} everywhere />
            </p>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button look="quiet" className="mt-2 w-full" disabled={loadingMore} onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
      <p className="mt-2 text-xs text-faint">{text.agents.sameName}</p>
    </>
  );
}

/** The list is read again for each change, because only the server knows which agent acted. */
function useAgentActions(agentId: string) {
  const request = useRequest();
  const [collection] = useState(() => new Collection<Action>(newestFirst));
  const ofSubject = ({ subjectId }: AppendedEvent) => {
    if (list.rows.some(({ subject }) => subject?.id === subjectId)) list.reload();
  };
  const list = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(ActionsOfAgent, { agentId, after })).actions),
    events: {
      ACTION_CREATED: () => list.reload(),
      ACTION_UPDATED: () => list.reload(),
      // Whether an action can be undone depends on its subject.
      INTENT_UPDATED: ofSubject,
      INTENT_DELETED: ofSubject,
      MEMORY_UPDATED: ofSubject,
      MEMORY_DELETED: ofSubject,
      SPECIFICATION_UPDATED: ofSubject,
      SPECIFICATION_DELETED: ofSubject,
      DECISION_UPDATED: ofSubject,
      DECISION_DELETED: ofSubject,
    },
  });
  return list;
}
