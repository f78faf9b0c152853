import { useCallback } from "react";
import { useToast } from "@/components/Toasts";
import { graphql } from "@/gql";
import { type Impact, shortName } from "@/lib/impacts";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { navigate, toPage } from "@/lib/route";

const ReplacedDecision = graphql(`
  query ReplacedDecision($id: ID!) {
    decision(id: $id) {
      id
      number
      title
      project {
        id
      }
      supersededBy {
        id
        number
        title
      }
    }
  }
`);

const CreateReview = graphql(`
  mutation CreateReview($input: CreateIntentInput!) {
    createIntent(input: $input) {
      id
    }
  }
`);

/**
 * Returns a function that creates a to-do for each record, once the decision was replaced, and shows how many. After a
 * failure it can be called again: it creates only what is missing.
 */
export function useReviews() {
  const request = useRequest();
  const text = useText();
  const showToast = useToast();
  return useCallback(
    async (decisionId: string, impacts: readonly Impact[]): Promise<void> => {
      if (impacts.length === 0) return;
      const { decision: old } = await request(ReplacedDecision, { id: decisionId });
      const next = old?.supersededBy;
      if (!old || !next) return;
      for (const { subject } of impacts) {
        const input = {
          description: text.impacts.review(shortName(subject.name), old.number, next.number),
          assignee: "PERSON" as const,
          intentType: "TASK" as const,
          ...(subject.kind === "Message"
            ? { conversationId: subject.route.id } // a message is read in its conversation
            : { projectId: old.project.id }),
          metadata: {
            related: [
              { kind: subject.kind.toLowerCase(), id: subject.id, text: shortName(subject.name) },
              { kind: "decision", id: next.id, text: `ADR ${next.number}: ${next.title}` },
            ],
          },
          idempotencyKey: `review ${old.id} ${next.id} ${subject.id}`,
        };
        await request(CreateReview, { input });
      }
      showToast({
        title: text.impacts.created(impacts.length),
        tone: "success",
        onOpen: () => navigate(toPage("intents")),
      });
    },
    [request, text, showToast],
  );
}
