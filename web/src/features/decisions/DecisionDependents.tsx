import { useState } from "react";
import { DependentsList } from "@/components/Dependents";
import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";

/** What depends on a decision; it is read when it is opened. */
export function DecisionDependents({ id }: { id: string }) {
  const text = useText();
  const [opened, setOpened] = useState(false);
  return (
    <details className="group mt-5" onToggle={(event) => setOpened(opened || event.currentTarget.open)}>
      <summary className="flex min-h-9 list-none items-center gap-1.5 text-xs font-medium text-faint hover:text-soft">
        <Icon name="chevron" className="size-4 transition-transform group-open:rotate-180" />
        {text.impacts.title}
      </summary>
      <div className="text-sm">{opened && <DependentsList decisionId={id} />}</div>
    </details>
  );
}
