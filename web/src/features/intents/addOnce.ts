import type { CreateIntentInput, UpdateIntentInput } from "@/gql/graphql";
import { toFailure } from "@/lib/request";
import type { Intent } from "./useIntents";

/** An item that was sent and not answered: the server may have it. */
export type Unanswered = { input: CreateIntentInput; key: string };

type Calls = {
  create: (input: CreateIntentInput) => Promise<Intent>;
  update: (input: UpdateIntentInput) => Promise<Intent>;
  remove: (id: string) => Promise<void>;
};

/**
 * Adds an item once, also when the response to an earlier attempt was lost and the line was edited since: the earlier one
 * is sent again with its key, and then changed. Calls `keep` with what has to be passed to the next attempt.
 */
export async function addOnce(
  input: CreateIntentInput,
  unanswered: Unanswered | null,
  { create, update, remove }: Calls,
  keep: (unanswered: Unanswered | null) => void,
): Promise<Intent> {
  const sent = unanswered ?? { input, key: crypto.randomUUID() };
  keep(sent);
  let made: Intent;
  try {
    made = await create({ ...sent.input, idempotencyKey: sent.key });
  } catch (error) {
    // A refusal is an answer: the corrected line is a new item.
    if (toFailure(error).code !== "NETWORK") keep(null);
    throw error;
  }
  if (JSON.stringify(sent.input) === JSON.stringify(input)) return made;
  if (sent.input.intentType === input.intentType && sent.input.projectId === input.projectId) {
    const { description, dueAt, recurrence, labels, priority, assignee } = input;
    const changed = { description, dueAt, recurrence, labels, priority, assignee };
    return update({ id: made.id, ...(changed as Omit<UpdateIntentInput, "id">) });
  }
  await remove(made.id);
  keep(null);
  return addOnce(input, null, { create, update, remove }, keep);
}
