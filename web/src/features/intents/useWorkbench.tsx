import { type ReactNode, createContext, use, useEffect, useMemo, useRef, useState } from "react";
import { useAttempt, useToast } from "@/components/Toasts";
import type { IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { withSelected } from "@/lib/selection";
import { moveOf } from "./moves";
import { type Intent, isOfPerson, useIntents } from "./useIntents";

export type Field = "title" | "due" | "labels" | "priority" | "menu";

/** What is open for an intent: the editor of a field, next to the element that opened it, or the menu. */
export type Opened = { id: string; field: Field; anchor: HTMLElement };

/** Gives the focus back to the element that opened something, unless something else has it by now. */
export function returnFocus(anchor: HTMLElement) {
  if (document.activeElement === null || document.activeElement === document.body)
    anchor.focus({ preventScroll: true });
}

type Actions = {
  select: (id: string, on: boolean) => void;
  open: (opened: Opened | null) => void;
  /** Says which intent the commands mean when none is selected. */
  setCurrent: (id: string) => void;
  /** Moves an intent by the life cycle, or shows why it does not move; with `follow` the focus goes with it. */
  move: (intent: Intent, to: IntentStatus, follow: boolean) => void;
  handOver: (intent: Intent) => void;
};

type State = {
  selected: ReadonlySet<string>;
  clearSelection: () => void;
  opened: Opened | null;
  current: string | null;
  /** What was moved last, for the board to give it the focus. */
  followed: { id: string; to: IntentStatus } | null;
};

const ActionsContext = createContext<Actions | null>(null);
const StateContext = createContext<State | null>(null);

const TITLE_CHARACTERS = 80;
export const shortTitle = ({ description }: Pick<Intent, "description">) =>
  description.length > TITLE_CHARACTERS ? `${description.slice(0, TITLE_CHARACTERS)}…` : description;

/** What the board, the list and the day share: the selection, the open editor, and moves with their announcement. */
export function Workbench({ children }: { children: ReactNode }) {
  const text = useText();
  const attempt = useAttempt();
  const showToast = useToast();
  const intents = useIntents();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<Opened | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [followed, setFollowed] = useState<State["followed"]>(null);
  const [announcement, setAnnouncement] = useState("");
  // The functions below are passed to hundreds of memoised cards, so they never change.
  const latest = useRef({ text, attempt, showToast, intents });
  useEffect(() => {
    latest.current = { text, attempt, showToast, intents };
  });
  const actions = useMemo<Actions>(() => {
    const move = async (intent: Intent, to: IntentStatus, follow: boolean) => {
      const now = latest.current;
      const planned = moveOf(intent, to);
      if ("refusal" in planned) {
        now.showToast({ title: now.text.intents.moves[planned.refusal], tone: "warning" });
        return;
      }
      for (const step of planned.steps) if (!(await now.attempt(() => now.intents[step](intent.id)))) return;
      const names = isOfPerson(intent) ? now.text.intents.statusOfToDo : now.text.intents.status;
      setAnnouncement(now.text.intents.moved(shortTitle(intent), names[to]));
      if (follow) setFollowed({ id: intent.id, to });
    };
    return {
      select: (id, on) => setSelected((before) => withSelected(before, id, on)),
      open: setOpened,
      setCurrent,
      move: (...planned) => void move(...planned),
      handOver: ({ id, version, assignee }) => {
        const input = {
          id,
          assignee: assignee === "PERSON" ? "ASSISTANT" : "PERSON",
          expectedVersion: version,
        } as const;
        void latest.current.attempt(() => latest.current.intents.update(input));
      },
    };
  }, []);
  const state = useMemo(
    () => ({ selected, clearSelection: () => setSelected(new Set()), opened, current, followed }),
    [selected, opened, current, followed],
  );
  return (
    <ActionsContext value={actions}>
      <StateContext value={state}>
        {children}
        <p role="status" className="sr-only">
          {announcement}
        </p>
      </StateContext>
    </ActionsContext>
  );
}

export function useWorkbench(): Actions {
  const value = use(ActionsContext);
  if (!value) throw new Error("useWorkbench needs a Workbench above it");
  return value;
}

export function useWorkbenchState(): State {
  const value = use(StateContext);
  if (!value) throw new Error("useWorkbenchState needs a Workbench above it");
  return value;
}
