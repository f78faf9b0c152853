import { useText } from "@/lib/language";
import type { Intent } from "./useIntents";

type CheckboxProps = {
  intent: Intent;
  checked: boolean;
  tabbable?: boolean;
  onSelect: (id: string, on: boolean) => void;
};

/** Takes an intent into the selection, or out of it. */
export function Checkbox({ intent, checked, tabbable = true, onSelect }: CheckboxProps) {
  const text = useText();
  if (intent.readOnly) return <span className="ml-auto" />;
  return (
    <input
      type="checkbox"
      data-no-drag
      tabIndex={tabbable ? 0 : -1}
      aria-label={text.intents.select(intent.description.slice(0, 60))}
      checked={checked}
      onChange={(event) => onSelect(intent.id, event.target.checked)}
      className="relative z-10 ml-auto size-4 shrink-0 cursor-pointer accent-wave"
    />
  );
}
