import type { Citation } from "@/components/citations/context";
import { toConversation, toPage } from "@/lib/route";
import { recordRoute, type Subject } from "@/lib/subject";

/** The cited record and the page that shows it; null when it is gone. Its name is the title of the citation. */
export function citedSubject({ text, record }: Citation): Subject | null {
  if (!text || !record) return null;
  const named = { id: record.id, name: text.title };
  switch (record.__typename) {
    case "Decision":
      return {
        kind: "Decision",
        ...named,
        ...recordRoute(toPage("decisions", record.id), record.project),
        decisionStatus: record.status,
      };
    case "Intent":
      return { kind: "Intent", ...named, ...recordRoute(toPage("intents", record.id), record.project) };
    case "Specification":
      return { kind: "Specification", ...named, ...recordRoute(toPage("specifications", record.id), record.project) };
    case "Memory":
      return { kind: "Memory", ...named, ...recordRoute(toPage("memory", record.id), record.memoryProject) };
    case "Message":
      return {
        kind: "Message",
        ...named,
        ...recordRoute(toConversation(record.conversation.id, record.id), record.conversation.project),
      };
  }
}
