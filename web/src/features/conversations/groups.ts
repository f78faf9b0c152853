import type { Conversation } from "./useConversations";
import { dateGroup, monthName } from "@/lib/dates";
import type { Language, Text } from "@/lib/language";

export type Group = { heading: string; conversations: Conversation[] };

/** Groups conversations by date, in their order. */
export function groupByDate(
  conversations: readonly Conversation[],
  language: Language,
  text: Text,
  now = new Date(),
): Group[] {
  const groups: Group[] = [];
  for (const conversation of conversations) {
    const group = dateGroup(conversation.updatedAt, now);
    const heading =
      typeof group === "string" ? text.conversations.group[group] : monthName(group.year, group.month, language);
    const last = groups.at(-1);
    if (last?.heading === heading) last.conversations.push(conversation);
    else groups.push({ heading, conversations: [conversation] });
  }
  return groups;
}
