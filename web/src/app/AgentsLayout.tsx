import { AgentActions } from "@/features/actions/AgentActions";
import { AgentsPage } from "@/features/agents/AgentsPage";
import { useViewer } from "@/features/settings/useViewer";

/** The page of coding agents, with the actions of each. */
export function AgentsLayout() {
  return <AgentsPage access={useViewer()?.access ?? null} actionsOf={({ id }) => <AgentActions agentId={id} />} />;
}
