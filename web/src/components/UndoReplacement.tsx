import { useState } from "react";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { graphql } from "@/gql";
import type { DecisionStatus, IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";

const Restore = graphql(`
  mutation UndoReplacement($id: ID!, $reason: String!) {
    setDecisionStatus(id: $id, status: ACCEPTED, reason: $reason) {
      id
      status
    }
  }
`);

type Side = { id: string; status: DecisionStatus } | null | undefined;
/** `intent`: the status of the intent whose contradiction was resolved by the replacement. */
type UndoProps = { old: Side; replacement: Side; intent?: IntentStatus | undefined };

/** A button that accepts a superseded decision again and withdraws the one that replaced it; nothing when none did. */
export function UndoReplacement({ old, replacement, intent }: UndoProps) {
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [busy, setBusy] = useState(false);
  if (old?.status !== "SUPERSEDED" || replacement?.status !== "ACCEPTED") return null;
  const undo = async () => {
    setBusy(true);
    const reason = text.decisions.replacementUndone;
    await attempt(() => request(Restore, { id: old.id, reason }));
    setBusy(false);
  };
  const waits = intent === "PENDING" || intent === "AWAITING_CONFIRMATION";
  return (
    <>
      <Button icon="undo" disabled={busy} onClick={() => void undo()}>
        {text.decisions.undoReplacement}
      </Button>
      {intent && (
        <p className="mt-1.5 text-xs text-soft">
          {waits ? text.decisions.undoReplacementWaits : text.decisions.undoReplacementStays}
        </p>
      )}
    </>
  );
}
