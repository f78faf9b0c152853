import { useEffect } from "react";
import { useText } from "@/lib/language";
import { ActionRow } from "./ActionRow";
import { useActions } from "./useActions";

/** The proposals of all conversations that wait for the reader; nothing without any. */
export function ProposedActions() {
  const { intents: text } = useText();
  const { actions, loadProposed } = useActions();
  useEffect(loadProposed, [loadProposed]);
  const proposed = actions.filter(({ status }) => status === "PROPOSED");
  if (proposed.length === 0) return null;
  return (
    <section aria-labelledby="proposed-actions" className="pt-4">
      <h2 id="proposed-actions" className="pb-2 text-sm font-medium">
        {text.proposed}
      </h2>
      <ul className="space-y-2">
        {proposed.map((action) => (
          <li key={action.id}>
            <ActionRow action={action} />
          </li>
        ))}
      </ul>
    </section>
  );
}
