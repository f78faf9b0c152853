import { Icon } from "@/components/Icon";
import { Logo } from "@/components/Logo";
import { Badge } from "@/components/Notice";
import type { IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { type Intent, isOfPerson } from "./useIntents";
import { PersonMark } from "@/components/PersonMark";
import { usePeople } from "@/lib/people";

const tones: Record<IntentStatus, string> = {
  PENDING: "text-soft",
  AWAITING_CONFIRMATION: "text-ember",
  PROCESSING: "text-wave",
  COMPLETED: "text-moss",
  FAILED: "text-rust",
  CANCELLED: "text-faint",
};

type StatusProps = Pick<Intent, "status" | "assignee">;

/** The icon of a status; the colour is never the only difference. Only the work of the assistant is animated. */
export function StatusIcon({ status, assignee = "ASSISTANT" }: Partial<StatusProps> & Pick<Intent, "status">) {
  const tone = tones[status];
  if (status === "PROCESSING" && assignee === "ASSISTANT") return <Logo live className={`size-4 ${tone}`} />;
  const icon = (
    {
      PENDING: "clock",
      AWAITING_CONFIRMATION: "info",
      PROCESSING: "play",
      COMPLETED: "check",
      FAILED: "alert",
      CANCELLED: "close",
    } as const
  )[status];
  return <Icon name={icon} className={`size-4 ${tone}`} />;
}

export function StatusBadge({ intent: { status, assignee } }: { intent: StatusProps }) {
  const names = useStatusNames({ assignee });
  return (
    <span key={status} className={`inline-flex animate-fade items-center gap-1.5 text-xs font-medium ${tones[status]}`}>
      <StatusIcon status={status} assignee={assignee} />
      {names[status]}
    </span>
  );
}

/** Shows that a person has to do it, and who, if it is not the reader; nothing for the work of the assistant. */
export function ToDoBadge({ intent }: { intent: Pick<Intent, "assignee" | "assigneeId"> }) {
  const text = useText();
  const { viewerId, find } = usePeople();
  if (!isOfPerson(intent)) return null;
  const { assigneeId } = intent;
  const other = assigneeId && assigneeId !== viewerId ? find(assigneeId) : undefined;
  if (other) {
    return (
      <Badge tone="text-soft">
        <PersonMark person={other} className="size-4 text-[0.625rem]" />
        <span className="max-w-28 truncate">{other.displayName}</span>
      </Badge>
    );
  }
  return (
    <Badge tone="text-wave">
      <Icon name="person" />
      {text.intents.toDo}
    </Badge>
  );
}

/** The names of the statuses, in words that fit who does the work. */
export function useStatusNames(intent: Pick<Intent, "assignee">): Record<IntentStatus, string> {
  const text = useText();
  return isOfPerson(intent) ? text.intents.statusOfToDo : text.intents.status;
}
