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
      project {
        id
        slug
      }
      title
    }
    ... on Message {
      id
      content
      messageType
      conversation {
        id
        project {
          id
          slug
        }
      }
    }
    ... on Intent {
      id
      project {
        id
        slug
      }
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
      project {
        id
        slug
      }
      title
    }
    ... on Decision {
      id
      project {
        id
        slug
      }
      number
      title
      decisionStatus: status
    }
    ... on Memory {
      id
      content
      # Null when it is about the person; fields of one name may not differ in that.
      memoryProject: project {
        id
        slug
      }
    }
    ... on Project {
      id
      name
      slug
    }
    ... on Contradiction {
      id
      explanation
      key
      params
      intent {
        id
        project {
          id
          slug
        }
      }
      decision {
        id
        project {
          id
          slug
        }
      }
    }
  }
`);

export type Kind =
  | "Conversation"
  | "Message"
  | "Intent"
  | "Notification"
  | "Specification"
  | "Decision"
  | "Memory"
  | "Project"
  | "Contradiction";

/** The kinds that go to the trash when they are deleted. */
export type DeletableKind = Exclude<Kind, "Notification" | "Contradiction">;

/** Anything that can be linked to: its name and the page that shows it; of a decision also its status. */
export type Subject = {
  kind: Kind;
  id: string;
  name: string;
  route: Route;
  project?: InProject;
  decisionStatus?: DecisionStatus;
};

type InProject = { id: string; slug: string } | null | undefined;
type Translate = (serverText: ServerText) => string;
const untranslated: Translate = ({ text }) => text;

// A reply can be long, and a name is shown in at most two lines.
const LONGEST_NAME = 300;
const beginningOf = (markdown: string) =>
  plainText(markdown.length > LONGEST_NAME ? `${markdown.slice(0, LONGEST_NAME)}…` : markdown);

/** The route of a record; a link to it leads to its project. */
export const recordRoute = (route: Route, project: InProject): Pick<Subject, "route" | "project"> => ({
  route: { ...route, recordIn: project?.slug },
  project,
});

/** The name of a node and the page that shows it; null for nodes without a page. */
export function subjectOf(node: SubjectFieldsFragment, translate: Translate = untranslated): Subject | null {
  switch (node.__typename) {
    case "Conversation":
      return {
        kind: "Conversation",
        id: node.id,
        name: plainTitle(node.title),
        ...recordRoute(toConversation(node.id), node.project),
      };
    case "Message":
      return {
        kind: "Message",
        id: node.id,
        name: beginningOf(node.content),
        ...recordRoute(toConversation(node.conversation.id, node.id), node.conversation.project),
      };
    case "Intent":
      return {
        kind: "Intent",
        id: node.id,
        name: node.description,
        ...recordRoute(toPage("intents", node.id), node.project),
      };
    case "Notification":
      return {
        kind: "Notification",
        id: node.id,
        name: translate({ ...node, text: node.message || node.title }),
        route: toPage("notifications"),
      };
    case "Specification":
      return {
        kind: "Specification",
        id: node.id,
        name: node.title,
        ...recordRoute(toPage("specifications", node.id), node.project),
      };
    case "Decision":
      return {
        kind: "Decision",
        id: node.id,
        name: `ADR ${node.number}: ${node.title}`,
        ...recordRoute(toPage("decisions", node.id), node.project),
        decisionStatus: node.decisionStatus,
      };
    case "Memory":
      return {
        kind: "Memory",
        id: node.id,
        name: node.content,
        ...recordRoute(toPage("memory", node.id), node.memoryProject),
      };
    case "Project":
      return { kind: "Project", id: node.id, name: node.name, route: { ...toPage("project"), project: node.slug } };
    case "Contradiction":
      return {
        kind: "Contradiction",
        id: node.id,
        name: translate({ ...node, text: node.explanation }),
        ...(node.decision
          ? recordRoute(toPage("decisions", node.decision.id), node.decision.project)
          : recordRoute(toPage("intents", node.intent?.id ?? null), node.intent?.project)),
      };
    default:
      return null;
  }
}
