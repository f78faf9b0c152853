import type { IntentStatus } from "@/gql/graphql";
import { type Intent, isContradicted, isOfPerson, isOpen, lacksTime } from "./useIntents";

/** The mutations that move an intent, by the name of their function in `useIntents`. */
export type Step = "confirm" | "start" | "complete" | "cancel" | "retry" | "reopen";

/** Why an intent cannot get a status. */
export type Refusal =
  | "waitsByItself"
  | "failsByItself"
  | "contradicted"
  | "noTime"
  | "acceptFirst"
  | "assistantWorks"
  | "assistantDoes"
  | "ended";

export type Move = { steps: readonly Step[] } | { refusal: Refusal };

const refused = (refusal: Refusal): Move => ({ refusal });
const by = (...steps: readonly Step[]): Move => ({ steps });

/** How the life cycle brings an intent to another status, or why it does not. */
export function moveOf(intent: Intent, to: IntentStatus): Move {
  if (to === intent.status) return by();
  if (to === "AWAITING_CONFIRMATION") return refused("waitsByItself");
  if (to === "FAILED") return refused("failsByItself");
  if (to === "CANCELLED") return isOpen(intent) ? by("cancel") : refused("ended");
  if (intent.status === "AWAITING_CONFIRMATION") return accepted(intent, to);
  return isOfPerson(intent) ? ofPerson(intent, to) : ofAssistant(intent, to);
}

function accepted(intent: Intent, to: IntentStatus): Move {
  if (to !== "PENDING") return refused("acceptFirst");
  if (isContradicted(intent)) return refused("contradicted");
  return lacksTime(intent) ? refused("noTime") : by("confirm");
}

function ofPerson(intent: Intent, to: IntentStatus): Move {
  if (to === "PENDING") return by("reopen");
  const step = to === "PROCESSING" ? "start" : "complete";
  return isOpen(intent) ? by(step) : by("reopen", step);
}

function ofAssistant(intent: Intent, to: IntentStatus): Move {
  if (to !== "PENDING") return refused("assistantDoes");
  if (intent.status === "PROCESSING") return refused("assistantWorks");
  return by(intent.status === "COMPLETED" ? "reopen" : "retry");
}
