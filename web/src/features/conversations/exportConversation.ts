import type { ExportedMessagesQuery } from "@/gql/graphql";
import { withSources } from "@/components/citations/sources";
import type { useRequest } from "@/lib/request";
import { ExportedMessages } from "./documents";
import type { Conversation } from "./useConversations";

export type ExportFormat = "markdown" | "json";
type Exported = NonNullable<ExportedMessagesQuery["conversation"]>["messages"]["edges"][number]["node"];
type Speakers = Record<Exported["messageType"], string>;

/** `gone`: what is said of a cited record that was deleted. */
type Words = { cut: string; otherVersions: string; gone: string };

/** All messages of a conversation with all their versions, read page by page, as the content of a file. */
export async function exportConversation(
  request: ReturnType<typeof useRequest>,
  conversation: Conversation,
  format: ExportFormat,
  speakers: Speakers,
  words: Words,
): Promise<string> {
  const messages: Exported[] = [];
  let after: string | null = null;
  do {
    const page: ExportedMessagesQuery = await request(ExportedMessages, { id: conversation.id, after });
    const connection: NonNullable<ExportedMessagesQuery["conversation"]>["messages"] | undefined =
      page.conversation?.messages;
    messages.push(...(connection?.edges.map((edge) => edge.node) ?? []));
    after = connection?.pageInfo.hasNextPage ? (connection.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return format === "json" ? toJson(conversation, messages) : toMarkdown(conversation, messages, speakers, words);
}

/**
 * The branch that is shown, then each other version with what follows it. `words.cut` is the sentence below a reply that
 * was cut off. A message with several versions has its place among them in its heading.
 */
export function toMarkdown(
  { title }: Pick<Conversation, "title">,
  messages: readonly Exported[],
  names: Speakers,
  { cut, otherVersions, gone }: Words,
) {
  const toPart = ({ id, messageType, createdAt, content, status, versions, citations }: Exported) => {
    const note = status === "FAILED" && content !== "" ? `\n*${cut}*\n` : "";
    const place =
      versions.length > 1 ? ` · ${versions.findIndex((each) => each.id === id) + 1}/${versions.length}` : "";
    return `## ${names[messageType]} · ${createdAt}${place}\n\n${withSources(content, citations, gone)}\n${note}`;
  };
  const shown = messages.filter((message) => message.shown);
  const hidden = otherBranches(messages).flat();
  const others = hidden.length > 0 ? [`# ${otherVersions}\n`, ...hidden.map(toPart)] : [];
  return [`# ${title}\n`, ...shown.map(toPart), ...others].join("\n");
}

/** Each version that is not shown, with what follows it up to the next message that has versions. */
function otherBranches(messages: readonly Exported[]): Exported[][] {
  const hidden = messages.filter((message) => !message.shown);
  const isVersion = ({ versions }: Exported) => versions.length > 1;
  return hidden
    .filter(isVersion)
    .map((version) => [version, ...hidden.filter((each) => !isVersion(each) && each.branchOf?.id === version.id)]);
}

export function toJson({ id, title, createdAt }: Conversation, messages: readonly Exported[]) {
  return JSON.stringify({ conversation: { id, title, createdAt }, messages }, null, 2) + "\n";
}

/** Downloads a text as a file. */
export function download(text: string, title: string, format: ExportFormat) {
  const [type, ending] = format === "json" ? ["application/json", "json"] : ["text/markdown", "md"];
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${fileName(title)}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

/** The title without characters that are invalid in file names. */
export function fileName(title: string): string {
  // eslint-disable-next-line no-control-regex
  const name = title.replace(/[\u0000-\u001f<>:"/\\|?*]+/g, " ").trim();
  return Array.from(name).slice(0, 80).join("") || "conversation";
}
