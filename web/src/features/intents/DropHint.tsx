import type { IntentStatus } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { moveOf } from "./moves";
import { type Drag, useDragged } from "./useDrag";

/** Shows over a column whether the dragged item can be dropped there, or why not. */
export function DropHint({ status, drag }: { status: IntentStatus; drag: Drag }) {
  const { intents: text } = useText();
  const dragged = useDragged(drag);
  if (!dragged || dragged.intent.status === status) return null;
  const planned = moveOf(dragged.intent, status);
  const refusal = "refusal" in planned ? text.moves[planned.refusal] : null;
  const over = dragged.over === status;
  const look = refusal === null ? "border-wave" : "border-line";
  const wash = over ? (refusal === null ? "bg-tint/80" : "bg-rust-wash/90") : "";
  return (
    <div
      aria-hidden="true"
      className={`pointer-events-none absolute inset-0 z-20 flex items-start justify-center rounded-2xl border-2 border-dashed px-3 pt-2.5 text-center text-sm font-medium ${look} ${wash}`}
    >
      {over && <span className={refusal === null ? "text-wave" : "text-rust"}>{refusal ?? text.dropHere}</span>}
    </div>
  );
}
