import { Icon } from "@/components/Icon";
import { Logo } from "@/components/Logo";
import type { IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";

const tones: Record<IntentStatus, string> = {
  PENDING: "text-soft",
  AWAITING_CONFIRMATION: "text-ember",
  PROCESSING: "text-wave",
  COMPLETED: "text-moss",
  FAILED: "text-rust",
  CANCELLED: "text-faint",
};

/** The icon of a status; the colour is never the only difference. */
export function StatusIcon({ status }: { status: IntentStatus }) {
  const tone = tones[status];
  if (status === "PROCESSING") return <Logo live className={`size-4 ${tone}`} />;
  const icon = (
    {
      PENDING: "clock",
      AWAITING_CONFIRMATION: "info",
      COMPLETED: "check",
      FAILED: "alert",
      CANCELLED: "close",
    } as const
  )[status];
  return <Icon name={icon} className={`size-4 ${tone}`} />;
}

export function StatusBadge({ status }: { status: IntentStatus }) {
  const text = useText();
  return (
    <span key={status} className={`inline-flex animate-fade items-center gap-1.5 text-xs font-medium ${tones[status]}`}>
      <StatusIcon status={status} />
      {text.intents.status[status]}
    </span>
  );
}
