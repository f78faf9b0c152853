const PREFIX = "agent:";

/** The name of the coding agent that acted; null for a person or the assistant. */
export function agentOf(actor: string): string | null {
  return actor.startsWith(PREFIX) ? actor.slice(PREFIX.length) : null;
}
