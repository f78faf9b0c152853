import type { KeyboardEvent } from "react";
import { navigate, toPage } from "@/lib/route";
import { type Intent, canComplete, canEdit, canStart, isOpen, useIntents } from "./useIntents";
import { type Field, useWorkbench, useWorkbenchState } from "./useWorkbench";

const SEQUENCE_MS = 1_000;
const fields: Readonly<Record<string, Field>> = { e: "title", d: "due", l: "labels", p: "priority", m: "menu" };

/** The item whose link has the focus: its element, its link, and the intent. */
type Focused = { item: HTMLElement; link: HTMLElement; intent: Intent };

type Options = {
  /** Handles the keys that move the focus in this list; returns whether it did. */
  onStep: (event: KeyboardEvent, focused: Focused) => boolean;
  /** Whether the focus follows an item that was moved. */
  follow: boolean;
};

let wentAt = -Infinity;

/** The keys on the link of an item, for the list around all items. */
export function useItemKeys({ onStep, follow }: Options) {
  const { collection } = useIntents();
  const { open, select, move, handOver, setCurrent } = useWorkbench();
  const { selected } = useWorkbenchState();
  return (event: KeyboardEvent) => {
    const link = event.target as HTMLElement;
    const item = link.closest<HTMLElement>("[data-item]");
    const intent = collection.get(item?.dataset.item ?? "");
    if (!item || !intent || !link.matches("[data-item-link]")) return;
    setCurrent(intent.id);
    if (event.altKey || event.ctrlKey || event.metaKey) return; // keys of the browser or of the whole page
    const handled =
      onStep(event, { item, link, intent }) ||
      handleItemKey(event, intent, {
        onField: (field) => open({ id: intent.id, field, anchor: link }),
        onMove: (to) => move(intent, to, follow),
        onHandOver: () => handOver(intent),
        onSelect: () => select(intent.id, !selected.has(intent.id)),
      });
    if (handled) event.preventDefault();
  };
}

type Handlers = {
  onField: (field: Field) => void;
  onMove: (to: "PROCESSING" | "COMPLETED" | "CANCELLED") => void;
  onHandOver: () => void;
  onSelect: () => void;
};

/** Handles a key on the link of an item; returns whether it did. `g` begins a shortcut of the whole page. */
function handleItemKey(event: KeyboardEvent, intent: Intent, handlers: Handlers): boolean {
  if (event.shiftKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const follows = event.timeStamp - wentAt < SEQUENCE_MS;
  wentAt = key === "g" ? event.timeStamp : -Infinity;
  return !follows && run(key, intent, handlers);
}

function run(key: string, intent: Intent, { onField, onMove, onHandOver, onSelect }: Handlers): boolean {
  const field = fields[key];
  if (field && (field === "menu" || field === "labels" || canEdit(intent))) onField(field);
  else if (field) navigate(toPage("intents", intent.id));
  else if (key === " ") onSelect();
  else if (key === "s" && canStart(intent)) onMove("PROCESSING");
  else if (key === "c" && canComplete(intent)) onMove("COMPLETED");
  else if (key === "x" && isOpen(intent)) onMove("CANCELLED");
  else if (key === "a" && canEdit(intent)) onHandOver();
  else return false;
  return true;
}
