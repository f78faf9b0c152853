import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextArea } from "@/components/Field";
import { MoveButton } from "@/components/MoveToProject";
import { useAttempt } from "@/components/Toasts";
import { UndoReplacement } from "@/components/UndoReplacement";
import type { DecisionStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import type { Decision, Decisions } from "./useDecisions";

type Change = Exclude<DecisionStatus, "SUPERSEDED">;

/** The statuses that a decision can be given, by its status; the first one is the most likely. */
const changes: Record<DecisionStatus, readonly Change[]> = {
  PROPOSED: ["ACCEPTED", "REJECTED", "WITHDRAWN"],
  ACCEPTED: ["WITHDRAWN", "PROPOSED"],
  REJECTED: ["PROPOSED", "ACCEPTED"],
  SUPERSEDED: ["PROPOSED", "ACCEPTED"],
  WITHDRAWN: ["PROPOSED", "ACCEPTED"],
};

type ActionsProps = Pick<Decisions, "setStatus" | "remove"> & {
  decision: Decision;
  onEdit: () => void;
  onSupersede: () => void;
};

export function DecisionActions({ decision, setStatus, remove, onEdit, onSupersede }: ActionsProps) {
  const text = useText();
  const attempt = useAttempt();
  const [changing, setChanging] = useState<Change | null>(null);
  const { id, number, status } = decision;
  const contradicted = status === "PROPOSED" && decision.contradictions.some((each) => each.status === "PENDING");
  const replaced = status === "SUPERSEDED" && decision.supersededBy?.status === "ACCEPTED";
  // A contradiction is resolved first, and a replacement undone: accepting the decision would leave both in force.
  const offered = changes[status].filter((to) => to !== "ACCEPTED" || !(contradicted || replaced));
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <UndoReplacement old={decision} replacement={decision.supersededBy} />
      {decision.supersedes.map((each) => (
        <UndoReplacement key={each.id} old={each} replacement={decision} />
      ))}
      {offered.map((to) => (
        <Button
          key={to}
          look={status === "PROPOSED" && to === "ACCEPTED" ? "primary" : "outline"}
          {...(to === "ACCEPTED" ? { icon: "check" as const } : {})}
          onClick={() => setChanging(to)}
        >
          {text.decisions.changes[to]}
        </Button>
      ))}
      {status === "ACCEPTED" && <Button onClick={onSupersede}>{text.decisions.supersede}</Button>}
      <Button icon="edit" onClick={onEdit}>
        {text.decisions.edit}
      </Button>
      <MoveButton records={[decision]} name={decision.title} />
      <Button
        look="quiet"
        icon="trash"
        onClick={() =>
          void attempt(() => remove(id)).then((done) => {
            if (done) navigate(toPage("decisions"));
          })
        }
      >
        {text.delete}
      </Button>
      <FormDialog
        open={changing !== null}
        onOpenChange={(open) => !open && setChanging(null)}
        title={changing ? `${text.decisions.changes[changing]}: ${text.decisions.number(number)}` : ""}
      >
        {changing && (
          <ReasonForm
            action={text.decisions.changes[changing]}
            onCancel={() => setChanging(null)}
            onSubmit={async (reason) => {
              if (await attempt(() => setStatus(id, changing, reason))) setChanging(null);
            }}
          />
        )}
      </FormDialog>
    </div>
  );
}

type ReasonProps = { action: string; onCancel: () => void; onSubmit: (reason: string) => Promise<void> };

function ReasonForm({ action, onCancel, onSubmit }: ReasonProps) {
  const text = useText();
  const [reason, setReason] = useState("");
  return (
    <form
      className="space-y-4"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void onSubmit(reason.trim());
      }}
    >
      <Field label={text.decisions.reason} hint={text.decisions.reasonHint}>
        <TextArea autoFocus value={reason} maxLength={10_000} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={reason.trim() === ""}>
          {action}
        </Button>
      </div>
    </form>
  );
}
