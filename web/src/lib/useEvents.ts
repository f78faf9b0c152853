import { graphql } from "@/gql";
import type { EventAppendedSubscription, EventKind } from "@/gql/graphql";
import { useLiveFeed } from "@/lib/useLiveFeed";

const EventAppended = graphql(`
  subscription EventAppended($kinds: [EventKind!], $after: String) {
    eventAppended(kinds: $kinds, after: $after) {
      cursor
      kind
      subjectId
      causedBy
      payload
      createdAt
    }
  }
`);

export type Happening = EventAppendedSubscription["eventAppended"];

type Events = {
  kinds: readonly EventKind[];
  onEvent: (event: Happening) => void;
  /** Called whenever the feed starts without a position: what happened before is to be read anew. */
  load: () => void;
};

/** Hears of everything of these kinds that happens, for what has no subscription of its own. */
export function useEvents({ kinds, onEvent, load }: Events) {
  useLiveFeed({
    document: EventAppended,
    variables: { kinds: [...kinds] },
    cursorOf: (data) => data.eventAppended.cursor,
    onEvent: (data) => onEvent(data.eventAppended),
    load,
  });
}
