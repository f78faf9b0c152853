import { agentOf } from "@/lib/agents";
import { useText } from "@/lib/language";
import { Part } from "./Part";
import type { Metadata } from "./useMetadata";

const SHOWN_PATHS = 50;

/** The coding agent that recorded an intent, and the files that the work concerns. */
export function AgentWork({ metadata }: { metadata: Metadata }) {
  const { intents: text } = useText();
  const agent = typeof metadata.agent === "string" ? agentOf(metadata.agent) : null;
  const paths = pathsIn(metadata);
  return (
    <>
      {agent !== null && <Part name={text.agent}>{agent}</Part>}
      {paths.length > 0 && (
        <Part name={text.paths}>
          <ul className="mt-1 space-y-1">
            {paths.slice(0, SHOWN_PATHS).map((path) => (
              <li key={path} className="font-mono text-xs">
                {path}
              </li>
            ))}
            {paths.length > SHOWN_PATHS && (
              <li className="text-xs text-faint">{text.morePaths(paths.length - SHOWN_PATHS)}</li>
            )}
          </ul>
        </Part>
      )}
    </>
  );
}

/** Each path once; metadata that a client has stored may be anything. */
export function pathsIn({ paths }: Metadata): string[] {
  return Array.isArray(paths) ? [...new Set(paths.filter((path) => typeof path === "string"))] : [];
}
