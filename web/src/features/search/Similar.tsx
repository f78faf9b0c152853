import { useEffect, useState } from "react";
import { DecisionState } from "@/components/DecisionState";
import { Icon } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { kindIcons } from "@/components/kindIcons";
import { graphql } from "@/gql";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { type Subject, subjectOf } from "@/lib/subject";
import { useFailureText } from "@/components/useFailureText";
import { toFailure } from "@/lib/request";

const SimilarIntents = graphql(`
  query SimilarIntents($id: ID!) {
    intent(id: $id) {
      id
      similar(first: 5) {
        node {
          ... on Node {
            ...SubjectFields
          }
        }
      }
    }
  }
`);

/** The rows that are most similar in meaning to an intent. */
export function Similar({ intentId }: { intentId: string }) {
  const text = useText();
  const request = useRequest();
  const reason = useFailureText();
  const [found, setFound] = useState<readonly Subject[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    request(SimilarIntents, { id: intentId }).then(
      ({ intent }) => current && setFound(intent?.similar.flatMap(({ node }) => subjectOf(node) ?? []) ?? []),
      (error: unknown) => current && setProblem(reason(toFailure(error))),
    );
    return () => {
      current = false;
    };
  }, [request, reason, intentId]);
  if (problem) return <p className="text-rust">{problem}</p>;
  if (!found) return <p className="text-faint">{text.loading}</p>;
  if (found.length === 0) return <p className="text-faint">{text.search.nothing}</p>;
  return (
    <ul className="space-y-1">
      {found.map((subject) => (
        <li key={subject.id}>
          <RouteLink to={subject.route} className="flex items-start gap-2 rounded py-0.5 hover:underline">
            <Icon name={kindIcons[subject.kind]} className="mt-0.5 size-4 text-wave" />
            <span className="line-clamp-2 wrap-anywhere">{subject.name}</span>
            <DecisionState status={subject.decisionStatus} />
          </RouteLink>
        </li>
      ))}
    </ul>
  );
}
