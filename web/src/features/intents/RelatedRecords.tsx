import { useEffect, useState } from "react";
import { Icon } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { kindIcons } from "@/components/kindIcons";
import { graphql } from "@/gql";
import { useText } from "@/lib/language";
import { plainText } from "@/lib/plainText";
import { useRequest } from "@/lib/request";
import { type Route, toConversation, toPage } from "@/lib/route";
import type { Kind } from "@/lib/subject";
import { Part } from "./Part";
import type { Metadata } from "./useMetadata";

const RelatedMessage = graphql(`
  query RelatedMessage($id: ID!) {
    message(id: $id) {
      id
      conversation {
        id
      }
    }
  }
`);

type Related = { kind: Kind; id: string; text: string };

const kinds: Readonly<Record<string, Kind>> = {
  message: "Message",
  intent: "Intent",
  specification: "Specification",
  decision: "Decision",
  memory: "Memory",
};

/** What was found for a to-do that no model could do: the draft, and the records that it is about. */
export function RelatedRecords({ metadata }: { metadata: Metadata }) {
  const text = useText();
  const related = relatedIn(metadata);
  const { specificationId, specificationTitle } = metadata;
  return (
    <>
      {typeof specificationId === "string" && typeof specificationTitle === "string" && (
        <Part name={text.intents.draft}>
          <RouteLink to={toPage("specifications", specificationId)} className="text-wave underline underline-offset-4">
            {specificationTitle}
          </RouteLink>
        </Part>
      )}
      {related.length > 0 && (
        <Part name={text.intents.related}>
          <ul className="mt-1 space-y-1">
            {related.map((record) => (
              <li key={record.id} className="flex items-start gap-2">
                <Icon name={kindIcons[record.kind]} className="mt-0.5 size-4 text-wave" />
                {record.kind === "Message" ? (
                  <LinkedMessage id={record.id} name={plainText(record.text)} />
                ) : (
                  <Linked route={routeOf(record)} name={plainText(record.text)} />
                )}
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function Linked({ route, name }: { route: Route | null; name: string }) {
  if (!route) return <span className="line-clamp-2 wrap-anywhere">{name}</span>;
  return (
    <RouteLink to={route} className="line-clamp-2 wrap-anywhere hover:underline">
      {name}
    </RouteLink>
  );
}

/** A message is shown in its conversation, which is asked for; one that was deleted is no link. */
function LinkedMessage({ id, name }: { id: string; name: string }) {
  const request = useRequest();
  const [route, setRoute] = useState<Route | null>(null);
  useEffect(() => {
    let current = true;
    request(RelatedMessage, { id }).then(
      ({ message }) => current && setRoute(message && toConversation(message.conversation.id, message.id)),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [request, id]);
  return <Linked route={route} name={name} />;
}

/** The page of the record; that of a message depends on its conversation. */
function routeOf({ kind, id }: Related): Route | null {
  switch (kind) {
    case "Intent":
      return toPage("intents", id);
    case "Specification":
      return toPage("specifications", id);
    case "Decision":
      return toPage("decisions", id);
    case "Memory":
      return toPage("memory", id);
    default:
      return null;
  }
}

export function relatedIn({ related }: Metadata): Related[] {
  if (!Array.isArray(related)) return [];
  return (related as Partial<Record<keyof Related, unknown>>[]).flatMap(({ kind, id, text }) => {
    const known = typeof kind === "string" ? kinds[kind] : undefined;
    return known && typeof id === "string" && typeof text === "string" ? [{ kind: known, id, text }] : [];
  });
}
