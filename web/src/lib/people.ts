import { createContext, use, useCallback } from "react";
import { useText } from "@/lib/language";
import { agentOf } from "./agents";

export type Person = { userId: string; displayName: string };

type People = {
  viewerId: string | null;
  /** A member of one of the viewer's projects, by the id of the user. */
  find: (userId: string) => Person | undefined;
  /** Whether another person is a member of one of these projects. */
  hasOthers: boolean;
};

export const PeopleContext = createContext<People>({ viewerId: null, find: () => undefined, hasOthers: false });

export const usePeople = () => use(PeopleContext);

const PROGRAMS = "-bridge";

/** Returns a function that names who did something: the reader, another person, or the assistant. */
export function useActorName(): (actor: string) => string {
  const { members: text } = useText();
  const { viewerId, find, hasOthers } = use(PeopleContext);
  return useCallback(
    (actor) => {
      const agent = agentOf(actor);
      if (agent) return agent;
      if (actor.endsWith(PROGRAMS)) return text.assistant;
      if (actor === "command line") return text.commandLine;
      // Without other people every change is the reader's, also one that was imported.
      if (actor === viewerId || !hasOthers) return text.you;
      return find(actor)?.displayName ?? text.former;
    },
    [text, viewerId, find, hasOthers],
  );
}

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** The hue of a person's colour in degrees, the same on every page and for every reader: FNV-1a of the id. */
export function hueOf(userId: string): number {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(userId)) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0) % 360;
}

/** The first character of a name, as a reader sees it. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return (first?.segment ?? "").toLocaleUpperCase();
}
