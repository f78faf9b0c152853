import { graphql } from "@/gql";
import type { DecisionStatus, SubjectFieldsFragment } from "@/gql/graphql";
import type { ServerText } from "@/lib/messages";
import { plainText, plainTitle } from "@/lib/plainText";
import { type Route, toConversation, toPage } from "@/lib/route";

graphql(`
  fragment SubjectFields on Node {
    __typename
    ... on Conversation {
      id
      title
    }
    ... on Message {
      id
      content
      messageType
      conversation {
        id
      }
    }
    ... on Intent {
      id
      description
      status
    }
    ... on Notification {
      id
      title
      message
      key
      params
    }
    ... on Specification {
      id
      title
    }
    ... on Decision {
      id
      number
      title
      decisionStatus: status
    }
    ... on Memory {
      id
      content
    }
    ... on Contradiction {
      id
      explanation
      key
      params
      intent {
        id
      }
      decision {
        id
      }
    }
  }
`);

export type Kind =
  "Conversation" | "Message" | "Intent" | "Notification" | "Specification" | "Decision" | "Memory" | "Contradiction";

/** The kinds that go to the trash when they are deleted. */
export type DeletableKind = Exclude<Kind, "Notification" | "Contradiction">;

/** Anything that can be linked to: its name and the page that shows it; of a decision also its status. */
export type Subject = { kind: Kind; id: string; name: string; route: Route; decisionStatus?: DecisionStatus };

type Translate = (serverText: ServerText) => string;
const untranslated: Translate = ({ text }) => text;

// A reply can be long, and a name is shown in at most two lines.
const LONGEST_NAME = 300;
const beginningOf = (markdown: string) =>
  plainText(markdown.length > LONGEST_NAME ? `${markdown.slice(0, LONGEST_NAME)}…` : markdown);

/** The name of a node and the page that shows it; null for nodes without a page. */
export function subjectOf(node: SubjectFieldsFragment, translate: Translate = untranslated): Subject | null {
  switch (node.__typename) {
    case "Conversation":
      return { kind: "Conversation", id: node.id, name: plainTitle(node.title), route: toConversation(node.id) };
    case "Message":
      return {
        kind: "Message",
        id: node.id,
        name: beginningOf(node.content),
        route: toConversation(node.conversation.id, node.id),
      };
    case "Intent":
      return { kind: "Intent", id: node.id, name: node.description, route: toPage("intents", node.id) };
    case "Notification":
      return {
        kind: "Notification",
        id: node.id,
        name: translate({ ...node, text: node.message || node.title }),
        route: toPage("notifications"),
      };
    case "Specification":
      return { kind: "Specification", id: node.id, name: node.title, route: toPage("specifications", node.id) };
    case "Decision":
      return {
        kind: "Decision",
        id: node.id,
        name: `ADR ${node.number}: ${node.title}`,
        route: toPage("decisions", node.id),
        decisionStatus: node.decisionStatus,
      };
    case "Memory":
      return { kind: "Memory", id: node.id, name: node.content, route: toPage("memory", node.id) };
    case "Contradiction":
      return {
        kind: "Contradiction",
        id: node.id,
        name: translate({ ...node, text: node.explanation }),
        route: node.decision ? toPage("decisions", node.decision.id) : toPage("intents", node.intent?.id ?? null),
      };
    default:
      return null;
  }
}
