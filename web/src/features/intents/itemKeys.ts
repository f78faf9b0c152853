import type { KeyboardEvent } from "react";
import { navigate, toPage } from "@/lib/route";
import { type Field } from "./useWorkbench";
import { type Intent, canComplete, canEdit, canStart, isOpen } from "./useIntents";

const SEQUENCE_MS = 1_000;
const fields: Readonly<Record<string, Field>> = { e: "title", d: "due", l: "labels", p: "priority", m: "menu" };

type Handlers = {
  onField: (field: Field) => void;
  onMove: (to: "PROCESSING" | "COMPLETED" | "CANCELLED") => void;
  onHandOver: () => void;
  onSelect: () => void;
};

let wentAt = -Infinity;

/** Handles a key on the link of an item; returns whether it did. `g` begins a shortcut of the whole page. */
export function handleItemKey(event: KeyboardEvent, intent: Intent, handlers: Handlers): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  const follows = event.timeStamp - wentAt < SEQUENCE_MS;
  wentAt = key === "g" ? event.timeStamp : -Infinity;
  if (follows) return false;
  if (!run(key, intent, handlers)) return false;
  event.preventDefault();
  return true;
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
