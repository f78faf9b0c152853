import type { Citation } from "@/components/citations/context";
import { subjectOf } from "@/lib/subject";

/** The text with a list of the records that it cites, for use outside of the client. */
export function withSources(content: string, citations: readonly Citation[] | undefined, gone: string): string {
  if (citations === undefined || citations.length === 0) return content;
  return `${content.trimEnd()}\n\n${citations.map((citation) => sourceLine(citation, gone)).join("\n")}\n`;
}

/** One line. A colon after the bracket would make it the definition of a link. */
function sourceLine({ number, text, record }: Citation, gone: string): string {
  if (!text || !record) return `- [${number}] ${gone}`;
  const subject = subjectOf(record);
  const title = subject?.kind === "Decision" ? subject.name : text.title;
  return `- [${number}] ${title} (${text.recordedAt.slice(0, 10)})`;
}
