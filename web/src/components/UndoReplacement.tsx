import { useState } from "react";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { graphql } from "@/gql";
import type { DecisionStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";

const Restore = graphql(`
  mutation UndoReplacement($old: ID!, $new: ID!, $reason: String!) {
    withdrawn: setDecisionStatus(id: $new, status: WITHDRAWN, reason: $reason) {
      id
      status
    }
    accepted: setDecisionStatus(id: $old, status: ACCEPTED, reason: $reason) {
      id
      status
    }
  }
`);

type Side = { id: string; status: DecisionStatus } | null | undefined;
type UndoProps = { old: Side; replacement: Side };

/** A button that accepts a superseded decision again and withdraws the one that replaced it; nothing when none did. */
export function UndoReplacement({ old, replacement }: UndoProps) {
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [busy, setBusy] = useState(false);
  if (old?.status !== "SUPERSEDED" || replacement?.status !== "ACCEPTED") return null;
  const undo = async () => {
    setBusy(true);
    const reason = text.decisions.replacementUndone;
    await attempt(() => request(Restore, { old: old.id, new: replacement.id, reason }));
    setBusy(false);
  };
  return (
    <Button icon="undo" disabled={busy} onClick={() => void undo()}>
      {text.decisions.undoReplacement}
    </Button>
  );
}
