import { useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { RouteLink } from "@/components/RouteLink";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { toFailure } from "@/lib/request";
import { toPage } from "@/lib/route";
import { type Intent, canEdit, isOfPerson, useIntents } from "./useIntents";

/** The button that hands a to-do to the assistant, or takes work from it; says what is missing when no model is set. */
export function HandOver({ intent }: { intent: Intent }) {
  const text = useText();
  const attempt = useAttempt();
  const { update } = useIntents();
  const [explaining, setExplaining] = useState(false);
  if (!canEdit(intent)) return null;
  const ofPerson = isOfPerson(intent);
  const hand = async () => {
    const assignee = ofPerson ? "ASSISTANT" : "PERSON";
    try {
      await update({ id: intent.id, assignee, expectedVersion: intent.version });
    } catch (error) {
      // The server knows which types need a model.
      if (toFailure(error).key !== "intent.no_model") throw error;
      setExplaining(true);
    }
  };
  return (
    <>
      <Button onClick={() => void attempt(hand)}>
        {ofPerson ? text.intents.handToAssistant : text.intents.takeOver}
      </Button>
      <FormDialog open={explaining} onOpenChange={setExplaining} title={text.assistant.offlineTitle}>
        <p className="text-sm text-soft">{text.intents.noModelHint}</p>
        <div className="mt-6 flex items-center justify-end gap-3">
          <RouteLink to={toPage("settings")} className="text-sm text-wave underline underline-offset-4">
            {text.settings.title}
          </RouteLink>
          <Button onClick={() => setExplaining(false)}>{text.close}</Button>
        </div>
      </FormDialog>
    </>
  );
}
