import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import type { IntentHoldQuery } from "@/gql/graphql";
import { useLanguage, useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { DueForm } from "./DueForm";
import { SpecificationChoice } from "./SpecificationChoice";
import { IntentHold } from "./documents";
import { type Intent, isContradicted, lacksTime, useIntents } from "./useIntents";

type Held = IntentHoldQuery["intent"];

/** Why an intent waits for the user, and the buttons for it; a contradiction is resolved in the drawer instead. */
export function Hold({ intent, className }: { intent: Intent; className: string }) {
  const { translate } = useLanguage();
  const held = useHeld(intent);
  if (intent.status !== "AWAITING_CONFIRMATION" || isContradicted(intent)) return null;
  const why = held?.history.at(-1);
  return (
    <div className={`space-y-2 text-sm ${className}`}>
      {why?.reason && <p className="wrap-anywhere text-soft">{translate({ ...why, text: why.reason })}</p>}
      {held !== undefined && !intent.readOnly && <Answer intent={intent} metadata={held?.metadata} />}
    </div>
  );
}

/** What holds the intent: undefined until it is read, null when that failed, which does not keep it from being accepted. */
function useHeld({ id, version, status }: Intent): Held | undefined {
  const request = useRequest();
  const [held, setHeld] = useState<Held | undefined>(undefined);
  const waits = status === "AWAITING_CONFIRMATION";
  useEffect(() => {
    if (!waits) return;
    let current = true;
    request(IntentHold, { id }).then(
      ({ intent }) => current && setHeld(intent),
      () => current && setHeld(null),
    );
    return () => {
      current = false;
    };
  }, [request, id, version, waits]);
  return held;
}

function Answer({ intent, metadata }: { intent: Intent; metadata: unknown }) {
  const text = useText();
  const attempt = useAttempt();
  const { confirm } = useIntents();
  const [dating, setDating] = useState(false);
  /** Accepts a reminder that has got its time. */
  const accept = async (dated: Intent | null) => {
    setDating(false);
    if (dated?.status === "AWAITING_CONFIRMATION") await attempt(() => confirm(dated.id));
  };
  if (lacksTime(intent)) {
    if (dating) return <DueForm intent={intent} onDone={(saved) => void accept(saved)} />;
    return (
      <Button look="primary" icon="clock" onClick={() => setDating(true)}>
        {text.intents.setTime}
      </Button>
    );
  }
  return (
    <SpecificationChoice
      intent={intent}
      metadata={metadata}
      otherwise={
        <Button look="primary" icon="check" onClick={() => void attempt(() => confirm(intent.id))}>
          {text.intents.accept}
        </Button>
      }
    />
  );
}
