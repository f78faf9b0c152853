/** What a line needs of a citation; `text` is null when the record is gone. */
type Source = { number: number; text: { title: string; recordedAt: string } | null };

/** The text with a list of the records that it cites, for use outside of the client. */
export function withSources(content: string, citations: readonly Source[] | undefined, gone: string): string {
  if (citations === undefined || citations.length === 0) return content;
  return `${content.trimEnd()}\n\n${citations.map((citation) => sourceLine(citation, gone)).join("\n")}\n`;
}

/** One line. A colon after the bracket would make it the definition of a link. */
function sourceLine({ number, text }: Source, gone: string): string {
  return text ? `- [${number}] ${text.title} (${text.recordedAt.slice(0, 10)})` : `- [${number}] ${gone}`;
}
