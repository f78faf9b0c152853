import type { ExportedMessagesQuery } from "@/gql/graphql";
import type { useRequest } from "@/lib/request";
import { ExportedMessages } from "./documents";
import type { Conversation } from "./useConversations";

export type ExportFormat = "markdown" | "json";
type Exported = NonNullable<ExportedMessagesQuery["conversation"]>["messages"]["edges"][number]["node"];
type Speakers = Record<Exported["messageType"], string>;

/** All messages of a conversation, read page by page, as the content of a file. */
export async function exportConversation(
  request: ReturnType<typeof useRequest>,
  conversation: Conversation,
  format: ExportFormat,
  speakers: Speakers,
  cut: string,
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
  return format === "json" ? toJson(conversation, messages) : toMarkdown(conversation, messages, speakers, cut);
}

/** `cut` is the sentence below a reply that was cut off. */
export function toMarkdown(
  { title }: Pick<Conversation, "title">,
  messages: readonly Exported[],
  names: Speakers,
  cut: string,
) {
  const parts = messages.map(({ messageType, createdAt, content, status }) => {
    const note = status === "FAILED" && content !== "" ? `\n*${cut}*\n` : "";
    return `## ${names[messageType]} · ${createdAt}\n\n${content}\n${note}`;
  });
  return [`# ${title}\n`, ...parts].join("\n");
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
